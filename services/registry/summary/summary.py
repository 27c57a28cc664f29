"""A summary that is final: what a unit's ledgers said when a period had ended. Pure. It is made once and never changes."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry.summary.numbers import Numbers
from services.registry.summary.period import Length, Period
from shared.change import Actor, Change
from shared.events.registry.summaries import SummaryMade


@dataclass(frozen=True, slots=True)
class Summary:
    """Of `unit` and all below it, over the local days `first` through `last`; `period` is their name, such as 2026-11."""

    id: UUID
    unit: str
    period: str
    length: Length
    first: date
    last: date
    numbers: Numbers
    made_at: datetime
    version: int


def make(id: UUID, unit: str, period: Period, numbers: Numbers, *, by: Actor, now: datetime) -> Change[Summary]:
    summary = Summary(id, unit, period.name, period.length, period.first, period.last, numbers, now, 1)
    event = SummaryMade(
        summary_id=id, unit=unit, period=period.name, length=period.length, first=period.first, last=period.last,
        numbers=told(numbers), inspected_share=numbers.inspected_share, kept_share=numbers.kept_share, at=now,
    )  # fmt: skip
    return Change(summary, "make", by, now, what={"unit": unit, "period": period.name}, events=(event,))


def told(numbers: Numbers) -> dict[str, int]:
    """The counts by name; what categories the premises are of is left out."""
    counts: dict[str, Any] = asdict(numbers)
    del counts["by_category"]
    return {"premises": numbers.premises, **counts}
