"""What intake refuses: one row per code, with its two texts."""

from shared.errors import Conflict, Invalid, NotFound, Unavailable

REPORT_NOT_FOUND = NotFound.row(
    "report_not_found", "没有这条民情，或您无权查看。", "There is no such report, or it is not yours to see."
)
REPORTER_MISSING = NotFound.row(
    "reporter_missing", "这条民情没有留下反映人。", "Nobody left their name with this report."
)
REPORTER_KEY_MISSING = Unavailable.row(
    "reporter_key_missing",
    "反映人信息暂时无法解读：密钥文件 {key_file} 缺失或不可读。请运维人员从备份恢复到密钥目录 secrets/fields，无需重启。",
    "Who reported cannot be read now: the key file {key_file} is missing, or cannot be read. The operator must put it back into "
    "secrets/fields from the backup; no restart is needed.",
)
REPORTER_DAMAGED = Unavailable.row(
    "reporter_damaged",
    "反映人信息无法解读：数据已损坏或被改动。请运维人员对照备份核实并恢复该条记录。",
    "Who reported cannot be read: it was damaged or changed in the database. The operator must compare it with the "
    "backup and restore the row.",
)
FOLLOW_CODE_WRONG = NotFound.row(
    "follow_code_wrong",
    "没有找到：编号或查询码不对，请对照回执逐字核对。",
    "Not found: the number or the code is wrong; compare both with your receipt.",
)
FOLLOWING_UNAVAILABLE = Unavailable.row(
    "following_unavailable",
    "进度查询暂时不可用，请稍后再试；急事请拨打 12345。",
    "Progress cannot be shown now; try again later, or call 12345 when it is urgent.",
)
REOPENING_TOO_LATE = Conflict.row(
    "reopening_too_late",
    "办结已超过 {days} 天，不能要求重新办理；如问题仍在，请重新提交一条。",
    "It was closed more than {days} days ago and cannot be reopened; if the problem is still there, send a new report.",
)
CALL_BACK_INCOMPLETE = Invalid.row(
    "call_back_incomplete",
    "代为登记请写明回访方式（channel）和依据（evidence），如录音编号。",
    "On behalf of the reporter, say how they were asked (channel) and what shows it (evidence), such as a recording's "
    "number.",
    field="evidence",
)
FORM_INCOMPLETE = Invalid.row(
    "form_incomplete",
    "没有收下：请写明是什么问题；照片最多 6 张，合计不超过 40 MB。已填写的文字仍在下面。",
    "Not taken: say what the problem is; 6 photos and 40 MB in all at most. What you wrote is still below.",
    field="text",
)
CATEGORY_UNKNOWN = Invalid.row(
    "category_unknown",
    "没有这个类别，请从类别表中选择，或留空由系统建议。",
    "There is no such category; choose one from the list, or leave it out for a suggestion.",
    field="category",
)
AREA_UNKNOWN = Invalid.row(
    "area_unknown",
    "没有这个区域单位，请从单位树中选择。",
    "There is no such area unit; choose one from the unit tree.",
    field="unit",
)
MADE_HAZARD = Conflict.row(
    "report_made_hazard",
    "这条民情已转为隐患。",
    "This report was made a hazard already.",
)
HAZARD_DAY_PAST = Invalid.row(
    "hazard_day_past",
    "整改期限不能早于今天。",
    "The deadline cannot lie before today.",
    field="rectify_by",
)
NOTHING_TO_CORRECT = Invalid.row(
    "report_nothing_to_correct",
    "区域和类别与现在的相同，没有需要更正的内容；请填写新的区域或类别。",
    "Area and category are what they are already; send a new area or category.",
    field="area",
)
NOT_WAITING = Conflict.row(
    "report_not_waiting",
    "这条民情不在等待人工研判，请刷新列表。",
    "This report does not wait for a person; read the list again.",
)
CLAIMED = Conflict.row(
    "report_claimed",
    "已有同事在研判这条民情，请看认领人和截止时间。",
    "Somebody is looking at this report already; see who, and until when.",
)
POINT_OUT_OF_RANGE = Invalid.row(
    "point_out_of_range",
    "坐标超出范围：经度应在 -180 到 180 之间，纬度应在 -90 到 90 之间；请检查经纬度是否写反。",
    "The point is out of range: longitude is -180 to 180, latitude -90 to 90; check whether they are swapped.",
    field="point",
)
POINT_SYSTEM_UNKNOWN = Invalid.row(
    "point_system_unknown",
    "设置 GRIDGOV_POINT_SYSTEMS 中 {of} 的坐标系“{name}”不存在，可用：{systems}",
    "GRIDGOV_POINT_SYSTEMS says {name} for {of}, which is no coordinate system; there are: {systems}",
)
KEY_REUSED = Invalid.row(
    "idempotency_key_reused",
    "该 Idempotency-Key 已用于另一份内容，请为新的民情使用新的键。",
    "This Idempotency-Key was used with another body; use a new key for a new report.",
    field="Idempotency-Key",
)
MODEL_MISSING = NotFound.row(
    "classifier_model_missing",
    "没有找到分类模型文件 {file}，请先训练：gridgov classifier train",
    "There is no category model {file}; train one first: gridgov classifier train",
)
MODEL_UNREADABLE = Invalid.row(
    "classifier_model_unreadable",
    "无法读取分类模型文件 {file}（{reason}），请检查权限",
    "The category model {file} cannot be read ({reason}); check its permissions",
)
MODEL_DAMAGED = Invalid.row(
    "classifier_model_damaged",
    "分类模型文件 {file} 已损坏或被改动，请删除后重新训练：gridgov classifier train",
    "The category model {file} is damaged or was changed; delete it and train again: gridgov classifier train",
)
MODEL_OUTDATED = Invalid.row(
    "classifier_model_outdated",
    "分类模型 {file} 与当前版本的词库不匹配，请重新训练：gridgov classifier train",
    "The category model {file} belongs to another release; train it again: gridgov classifier train",
)
