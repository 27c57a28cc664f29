"""What states, actions, limits, priorities and tiers are called on pages and in tables, in Chinese and English."""

from collections.abc import Mapping

from services.dispatch.catalogue.catalogue import Priority, Tier
from services.dispatch.work_orders.lifecycle import Action, State
from shared.limits import Light
from shared.worktime.words import Words

STATES: Mapping[State, Words] = {
    State.PENDING: Words("待派单", "to be assigned"),
    State.ASSIGNED: Words("待签收", "to be accepted"),
    State.ACCEPTED: Words("已签收", "accepted"),
    State.IN_PROGRESS: Words("办理中", "in progress"),
    State.SUSPENDED: Words("已挂账", "suspended"),
    State.RESOLVED: Words("待核查", "to be verified"),
    State.VERIFIED: Words("待结案", "to be closed"),
    State.CLOSED: Words("已结案", "closed"),
}

ACTIONS: Mapping[Action, Words] = {
    Action.OPEN: Words("立案派单", "Open"),
    Action.ASSIGN: Words("派单", "Assign"),
    Action.ACCEPT: Words("签收", "Accept"),
    Action.RETURN: Words("退单", "Return"),
    Action.START: Words("开始办理", "Start"),
    Action.RESOLVE: Words("办结", "Resolve"),
    Action.VERIFY: Words("核查通过", "Verify"),
    Action.REWORK: Words("核查不通过", "Send back for rework"),
    Action.CLOSE: Words("结案", "Close"),
    Action.ASK_SUSPENSION: Words("申请挂账", "Ask for suspension"),
    Action.GRANT_SUSPENSION: Words("批准挂账", "Grant the suspension"),
    Action.RESUME: Words("恢复办理", "Resume"),
    Action.ASK_EXTENSION: Words("申请延期", "Ask for an extension"),
    Action.GRANT_EXTENSION: Words("批准延期", "Grant the extension"),
    Action.DECLINE: Words("不予批准", "Decline"),
    Action.CORRECT: Words("民情更正", "Report corrected"),
    Action.REROUTE: Words("更正后改派", "Routed anew"),
    Action.RECALL: Words("更正后收回待派", "Back to the dispatcher"),
    Action.REOPEN: Words("重开", "Opened again"),
    Action.GAIN_HAZARD: Words("转为隐患", "Made a hazard"),
    Action.HAZARD_SUBMITTED: Words("隐患报告整改完成", "Hazard said to be put right"),
    Action.HAZARD_FAILED: Words("隐患复查不通过", "Re-inspection not passed"),
    Action.HAZARD_PASSED: Words("隐患复查通过，结案", "Re-inspection passed, closed"),
    Action.HAZARD_REDATED: Words("隐患期限变更", "Deadline of the hazard moved"),
    Action.REMEASURE: Words("节假日公布，期限调整", "Due times moved: holidays announced"),
    Action.SUCCEED: Words("单位调整后承接", "Taken over after a restructuring"),
}

LIMITS: Mapping[str, Words] = {
    "accept": Words("签收时限", "limit to accept"),
    "resolve": Words("办结时限", "limit to resolve"),
}

PRIORITIES: Mapping[Priority, Words] = {
    Priority.CRITICAL: Words("特急", "critical"),
    Priority.URGENT: Words("紧急", "urgent"),
    Priority.NORMAL: Words("一般", "normal"),
    Priority.COMPLEX: Words("疑难", "complex"),
}

TIERS: Mapping[Tier, Words] = {
    Tier.COMMUNITY: Words("社区", "community"),
    Tier.STREET: Words("街道", "street"),
    Tier.JOINT_MEETING: Words("联席会议", "joint meeting"),
    Tier.CONSULTATION: Words("协商", "consultation"),
}

LIGHTS: Mapping[Light, Words] = {
    Light.NONE: Words("不计时", "no time runs"),
    Light.GREEN: Words("正常", "in time"),
    Light.YELLOW: Words("将到期", "due soon"),
    Light.RED: Words("已超期", "overdue"),
}
