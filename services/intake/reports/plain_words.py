"""A report's trail as its reporter reads it: who did what, in plain words, and nobody's name.

A resident must see that something happens, not who sits where: no ids of staff, no units, none of their remarks. Only
why a report was rejected is told, since that is the answer to the reporter, and why it was opened again, which is theirs:
without anybody's telephone number, as the result (`shared/personal_data.py`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.intake.reports.lifecycle import Action
from shared.personal_data import masked


@dataclass(frozen=True, slots=True)
class Words:
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Told:
    """One step: when (UTC, as in the trail), who and what; `why` where it was written for the reporter."""

    at: str
    who: Words
    what: Words
    why: str | None = None


YOU: Final = Words("您", "you")
STAFF: Final = Words("街道工作人员", "street staff")
OTHER: Final = Words("另一位反映人", "another reporter")
PLATFORM: Final = Words("系统", "the platform")

WORDS: Final[Mapping[str, Words]] = {
    Action.SUBMIT: Words("提交了民情。", "sent the report."),
    Action.ASK_REVIEW: Words("转人工核对地点和类别。", "asked for a check of the place and the category."),
    Action.TRIAGE: Words(
        "确定了地点和类别，正在安排办理。", "settled the place and the category; it is being assigned."
    ),
    Action.REJECT: Words("认为不属于本平台受理范围。", "found it outside of what this platform handles."),
    Action.CORRECT: Words("更正了地点或类别，办理随之调整。", "put right the place or the category; the work follows."),
    Action.MAKE_HAZARD: Words("登记为安全隐患，限期整改。", "entered it as a hazard with a deadline."),
    Action.REVEAL_WORDS: Words("因办理需要查看了原文。", "read the whole words, for a stated reason."),
    Action.REVEAL_REPORTER: Words("因办理需要查看了联系方式。", "looked at the contact details, for a stated reason."),
    Action.DISPATCH: Words("交由责任单位办理。", "gave it to the unit responsible."),
    Action.RESOLVE: Words("已办理，等待核查。", "dealt with it; a check follows."),
    Action.REWORK: Words("核查后要求继续办理。", "checked it and asked for more to be done."),
    Action.CLOSE: Words("办结。", "closed it."),
    Action.RATE: Words("评价了办理结果。", "rated the result."),
    Action.REOPEN: Words("要求重新办理。", "asked for it to be opened again."),
    Action.JOIN: Words("反映了同一问题。", "reported the same."),
    Action.WORK_AGAIN: Words("交由责任单位重新办理。", "gave it to the unit responsible once more."),
    Action.SUCCEED: Words(
        "辖区调整后，由调整后的单位继续办理。", "passed it on to the unit that succeeds the former one."
    ),
}
"""One row per action."""
_TOLD_WHY: Final = frozenset({Action.REJECT, Action.REOPEN})
_OF_ITS_REPORTER: Final = frozenset({Action.SUBMIT, Action.RATE, Action.REVEAL_REPORTER, Action.REVEAL_WORDS})
"""What concerns nobody but who sent it."""
_BY_RULE: Final = frozenset({Action.ASK_REVIEW, Action.TRIAGE, Action.SUCCEED})
"""What the platform may do by itself; what else it writes down, staff did."""


def in_plain_words(entries: Iterable[Mapping[str, Any]], *, joined_by: str | None = None) -> list[Told]:
    """The steps of a trail as its reporter may know them, oldest first. What a resident did, the reporter did.

    Several may have reported the same: `joined_by` is the number of the report whose reporter reads the trail of the one
    that it joined. Of each other they learn that there are others, and none of their words.
    """
    return [
        Told(
            entry["at"],
            _who(entry, joined_by),
            WORDS[entry["action"]],
            masked(entry["why"]) if entry["why"] and _tells_why(entry, joined_by) else None,
        )
        for entry in entries
        if joined_by is None or entry["action"] not in _OF_ITS_REPORTER
    ]


def _tells_why(entry: Mapping[str, Any], joined_by: str | None) -> bool:
    return entry["action"] in _TOLD_WHY and _who(entry, joined_by) is not OTHER


def _who(entry: Mapping[str, Any], joined_by: str | None) -> Words:
    if entry["role"] == "resident" or entry["action"] == Action.JOIN:
        return YOU if entry.get("what", {}).get("of") == joined_by else OTHER
    return PLATFORM if entry["role"] == "service" and entry["action"] in _BY_RULE else STAFF
