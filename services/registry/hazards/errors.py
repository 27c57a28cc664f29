"""Every error of hazards: code, Chinese, English."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound

# A row is three lines: the code and the field, and its two texts.
# fmt: off
HAZARD_NOT_FOUND = NotFound.of("hazard", "这条隐患", "hazard")
HAZARD_NOT_COMPETENT = Forbidden.row("hazard_not_competent",
    "您的角色不能对该隐患执行此操作",
    "your role may not do this to this hazard")
HAZARD_OWN_WORK = Forbidden.row("hazard_own_work",
    "复查人不能是报告整改完成的人，请由其他人员复查",
    "who said it was put right cannot re-inspect it; somebody else must")
HAZARD_OWN_REQUEST = Forbidden.row("hazard_own_request",
    "申请人不能审批自己的延期申请，请由他人决定",
    "who asked for more time cannot decide on it; somebody else must")
HAZARD_NOTHING_ASKED = Conflict.row("hazard_nothing_asked",
    "该隐患没有待决定的延期申请",
    "no extension is asked for and waits for a decision")
HAZARD_UNFIT = Conflict.row("hazard_unfit",
    "该隐患等级为“{grade}”、挂牌情况为“{listing}”，或已有待决定的申请，不能执行“{action}”",
    "with the grade {grade}, the listing {listing}, and what is asked for already, {action} is not possible")
HAZARD_UNIT_UNKNOWN = Invalid.row("hazard_unit_unknown",
    "没有这个单位，或不在您的管辖范围内，请从单位树中选择",
    "there is no such unit in your part of the tree; choose one of the tree", field="unit")
HAZARD_PLACE_MISSING = Invalid.row("hazard_place_missing",
    "请选择场所，或填写所在网格、社区的编码",
    "name the premises, or the grid or community where it lies", field="unit")
HAZARD_AUTHORITY_UNKNOWN = Invalid.row("hazard_authority_unknown",
    "没有这个单位，请从单位树中选择受理书面报告的政府",
    "there is no such unit; choose the government that it is reported to from the tree", field="to")
HAZARD_POLICE_WRONG = Invalid.row("hazard_police_wrong",
    "只能移交给管辖该处的派出所：{possible}",
    "a hazard is transferred to the police station that serves its place: {possible}", field="to")
HAZARD_POLICE_MISSING = Invalid.row("hazard_police_missing",
    "单位树中没有管辖该处的派出所，请先登记派出所（职责 public_security）及其管辖区域",
    "no police station serves this place; enter one in the tree first, with the function public_security", field="to")
HAZARD_DEADLINE_OUT_OF_RANGE = Invalid.row("hazard_deadline_out_of_range",
    "整改期限应在今天至一年以内",
    "a deadline lies between today and a year from now", field="rectify_by")
HAZARD_EXTENSION_EARLIER = Invalid.row("hazard_extension_earlier",
    "延期应晚于现在的整改期限",
    "an extension leads beyond the present deadline", field="until")
HAZARD_CRITERIA_HALF = Invalid.row("hazard_criteria_half",
    "判定标准版本和要素请一起填写",
    "give the edition and the element of the criteria together", field="edition")
HAZARD_PHOTOS_MISSING = Invalid.row("hazard_photos_missing",
    "请至少添加一张照片",
    "add one photo at least", field="photos")
HAZARD_KEY_REUSED = Conflict.row("hazard_key_reused",
    "这个 Idempotency-Key 已用于另一条隐患，请换一个键",
    "this Idempotency-Key was used for another hazard; take another key", field="Idempotency-Key")
