"""Why a unit cannot be found by what a table calls it: code, Chinese, English."""

from shared.errors import Invalid

# A row is three lines: the code and the field, and its two texts.
# fmt: off
UNIT_NAME_UNKNOWN = Invalid.row("unit_name_unknown",
    "没有叫“{name}”的单位；请填单位编码，或与单位树中一致的名称",
    "no unit is called “{name}”; write its code, or its name as the unit tree has it")
UNIT_NAME_SHARED = Invalid.row("unit_name_shared",
    "有 {count} 个单位叫“{name}”：{units}；请改填编码，或在前面写上社区等上级的名称",
    "{count} units are called “{name}”: {units}; write the code, or the name of the unit above in front")
