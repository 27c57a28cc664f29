"""Why a person cannot be found by a name: code, Chinese, English."""

from shared.errors import Invalid

# A row is three lines: the code and the field, and its two texts.
# fmt: off
PERSON_NAME_SHARED = Invalid.row("person_name_shared",
    "不止一人叫“{name}”；请改填人员标识：{people}",
    "several people are called “{name}”; write the subject instead: {people}")
