"""Every error of inspections: code, Chinese, English."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound

# A row is three lines: the code and the field, and its two texts.
# fmt: off
INSPECTION_NOT_FOUND = NotFound.of("inspection", "这次检查", "inspection")
INSPECTION_PLACE_UNKNOWN = Invalid.row("inspection_place_unknown",
    "请选择被检查的场所，或您管辖范围内的社区、网格",
    "say at which premises, or in which community or grid of your part of the tree", field="unit")
INSPECTION_SELF_ONLY = Forbidden.row("inspection_self_only",
    "消防安全管理人只能登记本场所的自查，请选择“单位自查”",
    "a safety manager enters checks by the place itself; choose the kind self", field="kind")
INSPECTION_KEY_REUSED = Invalid.row("inspection_key_reused",
    "该 Idempotency-Key 已用于另一份内容，请为新的检查使用新的键",
    "this Idempotency-Key was used with another body; use a new key for a new inspection", field="Idempotency-Key")
INSPECTION_CHECKLIST_UNKNOWN = Invalid.row("inspection_checklist_unknown",
    "没有这份检查表或这个版本，请重新读取检查表",
    "there is no such checklist or version; read the checklists again", field="checklist")
CHECKLIST_NOT_FOUND = NotFound.row("checklist_not_found",
    "没有这份检查表，请从列表中选择",
    "there is no such checklist; choose one of the list")
CHECKLIST_QUESTION_TWICE = Invalid.row("checklist_question_twice",
    "题号 {no} 用了两次，请改其中一个",
    "question number {no} is there twice; change one of them", field="questions")
CHECKLIST_ANSWERS_HALF = Invalid.row("checklist_answers_half",
    "第 {no} 题的“合格”和“不合格”说法要么都填，要么都不填（不填即用文字作答）",
    "question {no}: name both answers, or neither for one that is answered in words", field="questions")
CHECKLIST_WITHOUT_DRAFT = Conflict.row("checklist_without_draft",
    "没有待发布的草稿，请先修改并保存",
    "there is no draft to publish; change the list first")
CHECKLIST_AREA_FIXED = Invalid.row("checklist_area_fixed",
    "检查表的适用区域不能更改，请另建一份",
    "where a list holds stays; make another one", field="area")
CHECKLIST_HEAD_MISSING = Invalid.row("checklist_head_missing",
    "该检查表的第一行请填写名称、依据和检查人",
    "name, edition, source and inspectors stand in the first row of a list", field="zh")
INSPECTION_CHECKLIST_UNFIT = Invalid.row("inspection_checklist_unfit",
    "“{checklist}”不适用于这类场所，请另选检查表",
    "the list “{checklist_en}” is not for such a place; choose another one", field="checklist")
INSPECTION_CHECKLIST_OTHERS = Invalid.row("inspection_checklist_others",
    "“{checklist}”不适用于这种检查：单位自查与监督检查用不同的检查表",
    "the list “{checklist_en}” is not for this kind: a place's own check and others' use different lists", field="checklist")
INSPECTION_ANSWER_UNFIT = Invalid.row("inspection_answer_unfit",
    "检查表没有第 {question} 题，或答案不合题型，或答了两次",
    "question {question} is not on the list, is answered twice, or cannot be answered so", field="answers")
INSPECTION_UNANSWERED = Invalid.row("inspection_unanswered",
    "还有题目未答：{missing}；不涉及的请选“不涉及”",
    "questions are unanswered: {missing}; choose not_applicable where one does not apply", field="answers")
INSPECTION_FINDING_MISSING = Invalid.row("inspection_finding_missing",
    "不合格的题目请写明问题：{questions}",
    "say what is wrong where a question failed: {questions}", field="findings")
INSPECTION_FINDING_UNFOUNDED = Invalid.row("inspection_finding_unfounded",
    "第 {question} 题没有判为不合格，或与隐患项目不符",
    "question {question} did not fail, or is about another item", field="findings")
INSPECTION_DEADLINE_PAST = Invalid.row("inspection_deadline_past",
    "整改期限不能早于检查当天",
    "a deadline does not lie before the day of the inspection", field="rectify_by")
INSPECTION_CRITERIA = Invalid.row("inspection_criteria",
    "重大火灾隐患请写明判定标准版本和判定要素；一般隐患不填",
    "a major hazard names edition and element of the criteria, a general one does not", field="grade")
INSPECTION_UNSIGNED = Invalid.row("inspection_unsigned",
    "请检查人签名，并请被检查方签名；对方未签的请写明原因",
    "both sides sign; where the place's did not, say why (unsigned_why)", field="inspector_signature")
INSPECTION_DIFFERS = Conflict.row("inspection_differs",
    "同一场所、时间、类型和检查人的检查已登记（{number}），内容不同；检查记录不能更改",
    "the same inspection is on record as {number} and says something else; records are not changed")
INSPECTION_TO_COME = Invalid.row("inspection_to_come",
    "检查时间在将来，请核对",
    "this inspection is in the future; check the time", field="made_at")
