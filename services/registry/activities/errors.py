"""Every error of activities: code, Chinese, English."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound

# A row is three lines: the code and the field, and its two texts.
# fmt: off
ACTIVITY_NOT_OF_PLACE = Forbidden.row("activity_not_of_place",
    "消防安全管理人只登记本场所的培训和演练",
    "a safety manager enters trainings and drills of the own premises", field="kind")
ACTIVITY_NOT_FOUND = NotFound.of("activity", "这次活动", "activity")
ACTIVITY_KNOWN = Conflict.row("activity_known",
    "同一地点、同一天已登记过同类同名的活动，请打开原记录修改",
    "an activity of this kind and title is there already for this place and day; change that one", field="title")
ACTIVITY_PLACE_UNKNOWN = Invalid.row("activity_place_unknown",
    "没有这个地点，或不在您的管辖范围内；请填写街道、社区、网格或楼栋的编码，或选择一个场所",
    "there is no such place within your part of the tree; give the code of a street, community, grid or building, or choose premises", field="unit")
ACTIVITY_TARGET = Invalid.row("activity_target",
    "宣传须选择“五进”对象（学校、企业、社区、家庭、农村），培训和演练不填",
    "publicity names one of its five targets (schools, enterprises, residential, families, villages), other kinds none", field="target")
ACTIVITY_FIELD_OF_OTHER_KIND = Invalid.row("activity_field_of_other_kind",
    "{kind}没有这一项，请留空；该项属于其他类型的活动",
    "a {kind_en} has no such field; leave it empty, it belongs to another kind")
ACTIVITY_TIME = Invalid.row("activity_time",
    "活动时间不能晚于两年以后，请核对",
    "an activity is planned at most two years ahead; check the time", field="starts_at")
ACTIVITY_ENDS_FIRST = Invalid.row("activity_ends_first",
    "结束时间应晚于开始时间",
    "an activity ends after it began", field="ends_at")
ACTIVITY_NOT_YET = Invalid.row("activity_not_yet",
    "活动还没到开始时间，不能登记为已举行；如已提前举行，请先修改时间",
    "it has not begun yet and cannot have been held; where it was held earlier, correct its time first", field="starts_at")
ACTIVITY_HELD_PART = Invalid.row("activity_held_part",
    "已举行的活动须写明结果（人数等）；未举行的请不要填写，先登记为已举行",
    "of one that was held say what came of it, of one that was not say nothing yet", field="outcome")
ACTIVITY_CANCELLED_BY_TABLE = Invalid.row("activity_cancelled_by_table",
    "导入表不能取消活动，请在页面上取消并说明原因",
    "a table cancels nothing; cancel it on the page, with the reason", field="state")
ACTIVITY_HELD_FIXED = Invalid.row("activity_held_fixed",
    "已举行的活动，类型、地点和时间不能再改（已计入定期职责）；如登记有误，请另行登记并在留痕中说明",
    "kind, place and time of what was held stand fixed, for they have counted for a duty; enter another one and say why")
ACTIVITY_PEOPLE_MISSING = Invalid.row("activity_people_missing",
    "已举行的活动请填写参加人数，如 80；没有人参加填 0",
    "say how many people took part in what was held, e.g. 80, or 0", field="people")
