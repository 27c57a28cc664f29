"""What supervision's API takes and gives. Times are RFC 3339 in UTC."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.supervision.clocks.clock import Clock
from services.supervision.clocks.ladder import next_at
from services.supervision.clocks.reading import Overdue
from shared.http.types import Code, Id, QueryModel, ShortText
from shared.limits import LimitState

Word = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,40}$")]


class ClockOut(BaseModel):
    """One limit of one thing. `level` is the last step taken (none, warned, reminded), `next_at` when the next is due;
    `kept` says whether the unit acted in time, null as long as it has not acted."""

    id: UUID
    thing: str
    thing_id: UUID
    name: str
    number: str
    area: str
    street: str
    unit: str
    limit: str
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    state: LimitState
    level: str
    next_at: datetime | None
    suspended_at: datetime | None
    ended_at: datetime | None
    overdue: bool
    kept: bool | None
    version: int


class ClockPage(BaseModel):
    """`next` is the cursor of the following page, null at the end."""

    items: list[ClockOut]
    next: str | None = None


class OverdueOut(BaseModel):
    """Running clocks of one unit that are past their limit; `oldest` is the earliest of their limits."""

    unit: str
    count: int
    by_name: dict[str, int]
    oldest: datetime


class OverdueList(BaseModel):
    """Whoever has the most first; `as_of` is the instant at which it was counted."""

    as_of: datetime
    items: list[OverdueOut]


class ClockQuery(QueryModel):
    """All filters given must hold; without any, every clock in reach. `number` may be the last six digits."""

    thing: Word | None = None
    thing_id: Id | None = None
    name: Word | None = None
    unit: Code | None = None
    state: LimitState | None = None
    number: ShortText | None = None
    overdue: bool | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_=-]+$")] | None = None


def shown(clock: Clock, now: datetime) -> ClockOut:
    return ClockOut(
        id=clock.id,
        thing=clock.thing,
        thing_id=clock.thing_id,
        name=clock.name,
        number=clock.number,
        area=clock.area,
        street=clock.street,
        unit=clock.unit,
        limit=clock.limit,
        started_at=clock.started_at,
        warn_at=clock.warn_at,
        due_at=clock.due_at,
        state=clock.state,
        level=clock.level.name.lower(),
        next_at=next_at(clock),
        suspended_at=clock.suspended_at,
        ended_at=clock.ended_at,
        overdue=clock.running and clock.due_at <= now,
        kept=clock.kept,
        version=clock.version,
    )


def counted(overdue: Overdue) -> OverdueOut:
    return OverdueOut(unit=overdue.unit, count=overdue.count, by_name=overdue.by_name, oldest=overdue.oldest)
