"""What intake refuses: one row per code, with its two texts."""

from shared.errors import Forbidden, Invalid, NotFound, Unavailable

REPORT_NOT_FOUND = NotFound.row(
    "report_not_found", "没有这条民情，或您无权查看。", "There is no such report, or it is not yours to see."
)
NO_REPORTER = NotFound.row("no_reporter", "这条民情没有留下反映人。", "Nobody left their name with this report.")
REPORTER_UNREADABLE = Unavailable.row(
    "reporter_unreadable",
    "反映人信息已加密保存，但本机没有对应的密钥；请联系系统管理员从备份恢复 keys/fields 目录。",
    "The reporter is stored encrypted and its key is not here; ask the operator to restore keys/fields from a backup.",
)
CATEGORY_UNKNOWN = Invalid.row(
    "category_unknown",
    "没有这个类别，请从类别表中选择，或留空由系统建议。",
    "There is no such category; choose one from the list, or leave it out for a suggestion.",
    field="category",
)
UNIT_UNKNOWN = Invalid.row(
    "unit_unknown",
    "没有这个区域单位，请从单位树中选择。",
    "There is no such area unit; choose one from the unit tree.",
    field="unit",
)
OUTSIDE_REACH = Forbidden.row(
    "outside_reach", "该单位不在您的管辖范围内。", "That unit is outside your part of the tree.", field="unit"
)
TIME_IN_FUTURE = Invalid.row(
    "time_in_future",
    "时间不能晚于现在，请检查设备时钟。",
    "The time lies in the future; check the device's clock.",
)
KEY_REUSED = Invalid.row(
    "idempotency_key_reused",
    "该 Idempotency-Key 已用于另一份内容，请为新的民情使用新的键。",
    "This Idempotency-Key was used with another body; use a new key for a new report.",
    field="Idempotency-Key",
)
