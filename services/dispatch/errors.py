"""What dispatch refuses: one row per code, with its two texts."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge, Unavailable

CATALOGUE_MISSING = Unavailable.row(
    "catalogue_missing",
    "尚未发布权责清单，请管理员先发布。",
    "No responsibility catalogue is published yet; an administrator must publish one.",
)
WORK_ORDER_NOT_FOUND = NotFound.row(
    "work_order_not_found",
    "没有这张工单，或您无权查看。",
    "There is no such work order, or it is not yours to see.",
)
NOT_COMPETENT = Forbidden.row(
    "work_order_not_competent",
    "您的角色或所在单位不能对该工单执行此操作。",
    "Your role or unit may not do this to this work order.",
)
OWN_WORK = Forbidden.row(
    "work_order_own_work",
    "核查人不能是办结人，请由其他人员现场核查。",
    "Who resolved a work order cannot verify it; somebody else must check on the spot.",
)
OWN_REQUEST = Forbidden.row(
    "work_order_own_request",
    "申请人不能审批自己的申请，请由他人决定。",
    "Who asked cannot decide on it; somebody else must.",
)
SECOND_EXTENSION = Forbidden.row(
    "work_order_second_extension",
    "再次延期须由街道领导批准。",
    "A further extension is for the street's leader to grant.",
)
OF_HAZARD_REINSPECTED = Forbidden.row(
    "work_order_of_hazard_reinspected",
    "该工单来自隐患 {hazard}，由隐患复查自动核查、返工或结案，请在隐患台账登记复查结果。",
    "This is the work order of hazard {hazard}: its re-inspection verifies and closes it, or sends it back; enter the "
    "result at the hazard.",
)
OF_HAZARD_DATED = Forbidden.row(
    "work_order_of_hazard_dated",
    "该工单的办结期限就是隐患 {hazard} 的整改期限，请在隐患台账申请或审批延期。",
    "Its limit is the deadline of hazard {hazard}: ask for more time, and decide on it, at the hazard.",
)
REQUEST_OPEN = Conflict.row(
    "work_order_request_open",
    "该工单已有一项申请待决定，请先等待结果。",
    "Something is asked for already and not decided; wait for the decision first.",
)
NOTHING_ASKED = Conflict.row(
    "work_order_nothing_asked",
    "该工单没有待决定的此类申请。",
    "Nothing of this kind is asked for and waits for a decision.",
)
UNIT_UNKNOWN = Invalid.row(
    "unit_unknown",
    "没有这个单位，请从单位树中选择。",
    "There is no such unit; choose one from the unit tree.",
)
UNIT_NOT_SUITABLE = Invalid.row(
    "unit_not_suitable",
    "该单位不负责此区域，请选择服务该区域的部门，或其上下级的街道、社区、网格。",
    "This unit does not handle what happens there; choose a department that serves the area, or a street, community "
    "or grid above or in it.",
)
UNIT_TIER = Invalid.row(
    "unit_tier",
    "按权责清单，该事项应由街道或职能部门办理，不能派给社区或网格；确属紧急例外的，请填写理由（why）和例外截止时间（exception_until）。",
    "By the catalogue this is for the street or a department, not for a community or grid; for an urgent exception give "
    "the reason (why) and when it ends (exception_until).",
)
EXCEPTION_INCOMPLETE = Invalid.row(
    "work_order_exception_incomplete",
    "紧急例外须写明理由，截止时间应晚于现在。",
    "An urgent exception needs a reason, and an end that lies ahead.",
    field="exception_until",
)
PHOTO_MISSING = Invalid.row(
    "work_order_photo_missing",
    "该类事项须现场拍照核查，请至少附一张照片。",
    "The check of such a thing needs a photo from the spot; add at least one.",
    field="photos",
)
UNTIL_PAST = Invalid.row(
    "work_order_until_past",
    "挂账期限应晚于现在；申请的期限已过的，请不予批准，由责任单位重新申请。",
    "It cannot be suspended until an instant that has passed; decline a request whose time is over, and the unit asks anew.",
    field="until",
)
ROWS_TOO_MANY = TooLarge.row(
    "work_order_rows_too_many",
    "符合条件的工单超过 {most} 张，请缩小筛选范围（如按街道、状态、到期时间）后再导出。",
    "More than {most} work orders match; narrow the filter (street, state, due before) and export again.",
)
