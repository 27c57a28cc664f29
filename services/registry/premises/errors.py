"""Why premises cannot be found by what a table calls them: code, Chinese, English."""

from shared.errors import Invalid

# A row is three lines: the code and the field, and its two texts.
# fmt: off
PREMISES_NAME_UNKNOWN = Invalid.row("premises_name_unknown",
    "没有叫“{name}”的场所档案；请填档案号（可从场所台账导出中查到），或先登记该场所",
    "no premises are called “{name}”; write the number of their file (in the export of premises), or enter them first")
PREMISES_NAME_SHARED = Invalid.row("premises_name_shared",
    "有 {count} 个场所叫“{name}”：{premises}；请改填档案号",
    "{count} premises are called “{name}”: {premises}; write the number instead")
