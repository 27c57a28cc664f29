"""Rating (评价) a closed report: was the reporter contacted, is it solved, are they satisfied. Pure.

Each closing is rated once; a later rating replaces the one before, and the trail keeps both. What the reporter wrote may
name people, so it stands in the ratings' own table and neither on the trail nor in the event.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.intake.reports.lifecycle import Action, move
from services.intake.reports.report import Report
from shared.change import Actor, Change
from shared.events.intake.reports import ReportRated


class Solved(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    NOT = "not"


class Satisfied(StrEnum):
    SATISFIED = "satisfied"
    BASICALLY = "basically"
    NOT = "not"


class FeedbackChannel(StrEnum):
    """How the answer came. By `link` and `account` the reporter gives it; the others are call-backs (回访)."""

    LINK = "link"
    ACCOUNT = "account"
    MESSAGE = "message"
    PHONE = "phone"
    WINDOW = "window"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Heard:
    """Who wrote the answer down, how it came, and what shows that it did (the number of a recording, a message)."""

    by: Actor
    channel: FeedbackChannel
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reporter says."""

    contacted: bool
    solved: Solved
    satisfied: Satisfied
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """The answer about one closing, with what it counts for: the street, and the unit that led the work order."""

    report_id: UUID
    closing: int
    street: str
    unit: str | None
    contacted: bool
    solved: Solved
    satisfied: Satisfied
    words: str | None
    channel: FeedbackChannel
    evidence: str | None
    rated_by: str
    rated_at: datetime

    @property
    def answer(self) -> Answer:
        return Answer(self.contacted, self.solved, self.satisfied, self.words)


def rate(
    report: Report, answer: Answer, heard: Heard, *, stands: Report, unit: str | None, now: datetime
) -> tuple[Change[Report], Rating]:
    """The report is rated; `stands` is the one that is worked on: itself, or the one that it joined. Raises Conflict when
    that is not closed."""
    move(stands.status, Action.RATE)
    after = replace(report, status=move(report.status, Action.RATE), version=report.version + 1)
    rating = Rating(
        report_id=report.id,
        closing=stands.closings,
        street=stands.street,
        unit=unit,
        contacted=answer.contacted,
        solved=answer.solved,
        satisfied=answer.satisfied,
        words=answer.words,
        channel=heard.channel,
        evidence=heard.evidence,
        rated_by=heard.by.id,
        rated_at=now,
    )
    event = ReportRated(
        report_id=report.id,
        number=report.number,
        work_order=stands.work_order or "",
        unit=unit,
        street=stands.street,
        closing=stands.closings,
        contacted=answer.contacted,
        solved=answer.solved,
        satisfied=answer.satisfied,
        channel=heard.channel,
        rated_at=now,
        version=after.version,
    )
    what = {
        "closing": stands.closings,
        "contacted": answer.contacted,
        "solved": answer.solved,
        "satisfied": answer.satisfied,
        "channel": heard.channel,
        "evidence": heard.evidence,
    }
    return Change(after, Action.RATE, heard.by, now, what=what, events=(event,)), rating
