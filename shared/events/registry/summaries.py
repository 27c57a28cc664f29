"""What registry publishes once a period is over: each unit's summary, once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.events import topics
from shared.events.base import Event


class SummaryMade(Event):
    """What the ledgers of `unit` and all below it said of a period; it never changes. `period` is such as 2026-11, 2026-W48,
    2026-Q4 or 2026, `first` and `last` its local days. `numbers` by name: premises, key_units, inspected, inspections,
    found, major, on_spot, fixed, overdue, transferred, duties_due, duties_kept, duties_late. Shares are from 0 to 1, None
    without a base."""

    type: ClassVar[str] = "gridgov.summary.made.v1"
    topic: ClassVar[str] = topics.SUMMARIES
    key_field: ClassVar[str] = "unit"

    summary_id: UUID
    unit: str
    period: str
    length: str
    first: date
    last: date
    numbers: Mapping[str, int]
    inspected_share: float | None = None
    kept_share: float | None = None
    at: datetime


EVENTS = (SummaryMade,)
