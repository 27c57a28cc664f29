"""What one month is for a duty: the runs that are over, the open one, and those to come. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registry.duties.duty import RUNNING, Duty
from services.registry.duties.kinds import Outcome
from services.registry.duties.periods import Rhythm, Span, spans_between
from shared.worktime.calendar import Calendar
from shared.worktime.days import instant_of, local_day

_MOMENT: Final = timedelta(microseconds=1)


class Standing(StrEnum):
    """How a run stands on its day: as it ended, or `overdue`, `due` (it has begun), `planned` (it has not)."""

    KEPT = Outcome.KEPT.value
    LATE = Outcome.LATE.value
    MISSED = Outcome.MISSED.value
    WAIVED = Outcome.WAIVED.value
    OVERDUE = "overdue"
    DUE = "due"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Entry:
    """A run on the local day on which it is due."""

    duty_id: UUID
    day: date
    span: Span
    standing: Standing


def entries(
    duty: Duty, rhythm: Rhythm, over: Iterable[tuple[Span, Outcome]], month: Span, now: datetime, calendar: Calendar
) -> Iterator[Entry]:
    """The runs of a duty that are due in `month`. What passed while an earlier run is overdue is missed already."""
    for span, outcome in over:
        yield _entry(duty, span, Standing(outcome.value))
    if duty.state not in RUNNING:
        return
    open_run = Span(duty.do.started_at, duty.do.due_at)
    coming = spans_between(rhythm, max(open_run.due, month.start), month.due, calendar)
    for span in (open_run, *coming):
        if month.start < span.due <= month.due:
            yield _entry(duty, span, _standing(span, now, first=span is open_run))


def _standing(span: Span, now: datetime, *, first: bool) -> Standing:
    if span.due <= now:
        return Standing.OVERDUE if first else Standing.MISSED
    return Standing.DUE if span.start <= now else Standing.PLANNED


def _entry(duty: Duty, span: Span, standing: Standing) -> Entry:
    # What is due at midnight is due on the day that ends then.
    return Entry(duty.id, local_day(span.due - _MOMENT), span, standing)


def month_of(name: str) -> tuple[Span, list[date]]:
    """The month `YYYY-MM` (local), which begins after its first instant, and its days."""
    first = date.fromisoformat(f"{name}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    days = [first + timedelta(days=at) for at in range((after - first).days)]
    return Span(instant_of(first), instant_of(after)), days
