"""What states, actions, grades, listings and limits of hazards are called on pages and in tables."""

from collections.abc import Mapping
from typing import Final

from services.registry.hazards.hazard import Grade, SourceKind
from services.registry.hazards.lifecycle import Action, Listing, State
from shared.limits import Light
from shared.worktime.words import Words

STATES: Final[Mapping[State, Words]] = {
    State.FOUND: Words("已发现", "found"),
    State.FIXED_ON_SPOT: Words("当场整改", "fixed on the spot"),
    State.RECTIFYING: Words("整改中", "being put right"),
    State.OVERDUE: Words("逾期未改", "overdue"),
    State.TRANSFERRED: Words("已移交派出所", "transferred to the police"),
    State.AWAITING_REINSPECTION: Words("待复查", "to be re-inspected"),
    State.RECTIFIED: Words("已整改销案", "put right and closed"),
}
ACTIONS: Final[Mapping[Action, Words]] = {
    Action.FIX_ON_SPOT: Words("当场整改", "Fixed on the spot"),
    Action.ORDER: Words("责令限期整改", "Ordered to be put right"),
    Action.STATE_SHEET: Words("填写整改单", "Fill in the sheet"),
    Action.SUBMIT: Words("报告整改完成", "Say it is put right"),
    Action.PASS: Words("复查通过", "Passed"),
    Action.FAIL: Words("复查不通过", "Not passed"),
    Action.ASK_EXTENSION: Words("申请延期", "Ask for an extension"),
    Action.GRANT_EXTENSION: Words("批准延期", "Grant the extension"),
    Action.DECLINE_EXTENSION: Words("不批准延期", "Decline the extension"),
    Action.TRANSFER: Words("移交派出所", "Transfer to the police"),
    Action.RECHECK: Words("登记每周复查", "Enter the weekly re-check"),
    Action.ADD_PHOTOS: Words("补充照片", "Add photos"),
    Action.JUDGE_MAJOR: Words("判定为重大隐患", "Judge as major"),
    Action.REPORT: Words("书面报告政府", "Report in writing"),
    Action.LIST: Words("挂牌督办", "List"),
    Action.DECLINE_LISTING: Words("不予挂牌", "Do not list"),
    Action.DELIST: Words("摘牌", "Take off the list"),
    Action.HAVE_ORDER: Words("生成工单", "Work order opened"),
    Action.LAPSE: Words("整改逾期", "Deadline passed"),
    Action.REOPEN: Words("重新整改", "Opened again"),
}
GRADES: Final[Mapping[Grade, Words]] = {
    Grade.GENERAL: Words("一般隐患", "general"),
    Grade.MAJOR: Words("重大火灾隐患", "major"),
}
LISTINGS: Final[Mapping[Listing, Words]] = {
    Listing.NONE: Words("", ""),
    Listing.REPORTED: Words("已书面报告，待定", "reported, not decided"),
    Listing.LISTED: Words("已挂牌", "listed"),
    Listing.DECLINED: Words("不予挂牌", "not listed"),
    Listing.DELISTED: Words("已摘牌", "taken off the list"),
}
SOURCES: Final[Mapping[SourceKind, Words]] = {
    SourceKind.INSPECTION: Words("检查", "inspection"),
    SourceKind.REPORT: Words("民情", "report"),
    SourceKind.TOLD: Words("直接登记", "entered"),
}
LIMITS: Final[Mapping[str, Words]] = {
    "rectify": Words("整改期限", "time to put it right"),
    "recheck": Words("每周复查", "weekly re-check"),
    "listing": Words("挂牌决定期限", "time to decide on listing"),
}
LIGHTS: Final[Mapping[Light, Words]] = {
    Light.NONE: Words("不计时", "no time runs"),
    Light.GREEN: Words("正常", "in time"),
    Light.YELLOW: Words("将到期", "due soon"),
    Light.RED: Words("已逾期", "overdue"),
}
