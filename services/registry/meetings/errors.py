"""Every error of joint meetings and their resolutions: code, Chinese, English."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound

# A row is three lines: the code and the field, and its two texts.
# fmt: off
MEETING_NOT_FOUND = NotFound.of("meeting", "这次会议", "meeting")
MEETING_NOT_YOURS = Forbidden.row("meeting_not_yours",
    "会议由召集单位办理：请由该单位、其上级或为其服务的部门操作",
    "a meeting is kept by the unit that convenes it, whoever is above it, and the departments that serve it")
MEETING_UNIT_UNKNOWN = Invalid.row("meeting_unit_unknown",
    "召集单位须是您管辖或服务范围内的区、街道、管区或社区，请重新选择",
    "a district, street, zone or community within your part of the tree convenes a meeting; choose one", field="unit")
MEETING_UNIT_FIXED = Invalid.row("meeting_unit_fixed",
    "召集单位不能更改；请取消本次会议，由新的单位重新召集",
    "the convening unit stays; cancel this meeting, and let the other unit call one", field="unit")
MEETING_INVITED_UNKNOWN = Invalid.row("meeting_invited_unknown",
    "没有这些单位：{codes}；请从单位树中选择",
    "there are no such units: {codes}; choose from the unit tree")
MEETING_AHEAD = Invalid.row("meeting_ahead",
    "会议时间不能晚于一年以后，请核对",
    "a meeting is called at most a year ahead; check the time", field="starts_at")
MEETING_NOT_YET = Invalid.row("meeting_not_yet",
    "会议还没到开始时间，不能登记为已召开；如已提前召开，请先修改时间",
    "it has not begun yet and cannot have been held; where it was held earlier, correct its time first", field="starts_at")
MEETING_NOBODY_PRESENT = Invalid.row("meeting_nobody_present",
    "请至少登记一个到会单位",
    "say of one unit at least that it came", field="attendance")
MEETING_MINUTES_EMPTY = Invalid.row("meeting_minutes_empty",
    "会议纪要还是空的，不能签发，请先填写纪要",
    "the minutes are empty and cannot be approved; write them first", field="minutes")
MEETING_LINE = Invalid.row("meeting_line",
    "第 {line} 行无法识别，请写成：{form}",
    "line {line} cannot be read; write it as: {form}")
MEETING_KNOWN = Conflict.row("meeting_known",
    "该单位此时的同名会议已召集（{number}）；请打开该会议修改，或换一个时间或名称",
    "this meeting is called already as {number}; open that one to change it, or choose another time or title",
    field="title")
MEETING_DIFFERS = Conflict.row("meeting_differs",
    "该单位此时的同名会议已登记（{number}），内容不同；签发后的纪要不再修改，请到该会议中补充说明",
    "this meeting is there already as {number} and says something else; approved minutes stay, add to them there",
    field="title")
RESOLUTION_DEADLINE = Invalid.row("resolution_deadline",
    "第 {number} 条决议的期限已过或超过一年，请修改",
    "the deadline of resolution {number} is past, or more than a year away; change it")
RESOLUTION_LEAD_UNIT = Invalid.row("resolution_lead_unit",
    "第 {number} 条决议的牵头单位须是召集单位辖区内的街道、社区、网格，或为其服务的部门，请重新选择",
    "resolution {number} is led by a street, community or grid within the convening unit, or a department that serves it; choose one")
