"""A report's trail as its reporter reads it: what happened in plain words, without staff and without inner matters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.intake.reports.lifecycle import Action

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    Action.SUBMIT: ("您的反映已收到。", "Your report was received."),
    Action.ASK_REVIEW: ("工作人员正在核对地点和类别。", "Staff are checking the place and the category."),
    Action.TRIAGE: ("已核对，正在安排办理。", "It was checked and is being assigned."),
    Action.REJECT: ("不属于本平台受理范围。", "It is outside of what this platform handles."),
    Action.DISPATCH: ("已交由责任单位办理。", "It was given to the unit responsible."),
    Action.RESOLVE: ("责任单位已办理，等待核查。", "The unit has dealt with it; a check follows."),
    Action.REWORK: ("核查后要求继续办理。", "The check asked for more to be done."),
    Action.CLOSE: ("已办结。", "It is closed."),
}
"""Action → Chinese and English. What has no words here is an inner matter and is left out."""


@dataclass(frozen=True, slots=True)
class Told:
    """One step: when (UTC, as in the trail) and what in two languages; `why` where it was written for the reporter."""

    at: str
    zh: str
    en: str
    why: str | None


def in_plain_words(entries: Iterable[Mapping[str, Any]]) -> list[Told]:
    """The steps of a trail that concern the reporter, oldest first."""
    return [
        # Why it was rejected is the answer to the reporter; other reasons are notes among colleagues.
        Told(entry["at"], *WORDS[entry["action"]], entry["why"] if entry["action"] == Action.REJECT else None)
        for entry in entries
        if entry["action"] in WORDS
    ]
