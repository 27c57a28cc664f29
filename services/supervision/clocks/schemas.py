"""What supervision's API takes and gives. Times are RFC 3339 in UTC."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, Field

from services.supervision.clocks.clock import Clock
from services.supervision.clocks.ladder import Action, next_at, next_step
from services.supervision.clocks.reading import Overdue
from shared.limits import Light, LimitState
from shared.units.tree import UnitTree

Word = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,40}$")]


class ClockOut(BaseModel):
    """One limit of one thing. `level` is the last step taken (none, warned, reminded), `next_step` the
    one that comes next, to `unit`, and `next_at` when;
    `kept` says whether the unit acted in time, null as long as it has not acted. Names are those of today."""

    id: UUID
    thing: str
    thing_id: UUID
    name: str
    number: str
    area: str
    area_name: str | None
    street: str
    unit: str
    unit_name: str | None
    limit: str
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    state: LimitState
    light: Light
    level: str
    next_step: Action | None
    next_at: datetime | None
    suspended_at: datetime | None
    ended_at: datetime | None
    overdue: bool
    kept: bool | None
    version: int


class OverdueOut(BaseModel):
    """Running clocks of one unit that are past their limit; `oldest` is the earliest of their limits."""

    unit: str
    unit_name: str | None
    count: int
    by_name: dict[str, int]
    oldest: datetime


class OverdueList(BaseModel):
    """Whoever has the most first; `as_of` is the instant at which it was counted."""

    as_of: datetime
    items: list[OverdueOut]


class StepOut(BaseModel):
    """A step of the ladder as it was taken: `warn` (预警) or `remind` (催办) `unit` about the limit `name` of the thing with
    this number, that was due at `due_at`. Names are those of today."""

    clock_id: UUID
    step: Action
    thing: str
    thing_id: UUID
    name: str
    number: str
    area: str
    area_name: str | None
    street: str
    unit: str
    unit_name: str | None
    due_at: datetime
    at: datetime


def shown(clock: Clock, now: datetime, tree: UnitTree) -> ClockOut:
    step = next_step(clock)
    return ClockOut(
        **{name: getattr(clock, name) for name in _AS_IT_IS},
        area_name=_name(tree, clock.area),
        unit_name=_name(tree, clock.unit),
        light=clock.light(now),
        level=clock.level.name.lower(),
        next_step=step.action if step else None,
        next_at=next_at(clock),
        overdue=clock.running and clock.due_at <= now,
    )


_AS_IT_IS = ClockOut.model_fields.keys() - {
    "area_name",
    "unit_name",
    "light",
    "level",
    "next_step",
    "next_at",
    "overdue",
}


def counted(overdue: Overdue, tree: UnitTree) -> OverdueOut:
    name = _name(tree, overdue.unit)
    return OverdueOut(
        unit=overdue.unit, unit_name=name, count=overdue.count, by_name=overdue.by_name, oldest=overdue.oldest
    )


def step_shown(row: sa.RowMapping, tree: UnitTree) -> StepOut:
    names = {"area_name": _name(tree, row["area"]), "unit_name": _name(tree, row["unit"])}
    return StepOut(**{name: row[name] for name in StepOut.model_fields.keys() - names.keys()}, **names)


def _name(tree: UnitTree, code: str) -> str | None:
    unit = tree.get(code)
    return unit.name if unit else None
