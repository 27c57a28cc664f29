"""Reading clocks for people: lists, one, and what is overdue by unit. What a caller reads is in their reach."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.supervision.clocks.clock import Clock
from services.supervision.clocks.store import Clocks
from services.supervision.clocks.table import clocks
from services.supervision.errors import CLOCK_NOT_FOUND
from services.supervision.schema import units
from shared.db.filters import Conditions, equal
from shared.db.keyset import Page, Paged
from shared.db.scoped_reader import ScopedReader
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, QueryModel, ShortText
from shared.limits import Light, LimitState
from shared.numbers import numbered
from shared.units.scope import unscoped

Word = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,40}$")]


class ClockFilter(QueryModel):
    """All filters given must hold; without any, every clock in reach. `below` includes what lies below `unit`.
    `number` may be the last six digits."""

    thing: Word | None = None
    thing_id: Id | None = None
    name: Word | None = None
    unit: Code | None = None
    below: bool = False
    street: Code | None = None
    state: LimitState | None = None
    light: Light | None = None
    overdue: bool | None = None
    number: ShortText | None = None


class ClockQuery(PageQuery, ClockFilter):
    """The same, page by page."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50


@dataclass(frozen=True, slots=True)
class ClockCounts:
    """How many clocks the filter has, by state, light and name of the limit, at `as_of`."""

    as_of: datetime
    total: int
    by_state: Mapping[str, int]
    by_light: Mapping[Light, int]
    by_name: Mapping[str, int]


@dataclass(slots=True)
class Overdue:
    """How many running clocks of a unit are past their limit, by the limits' names, and since when the oldest is (UTC)."""

    unit: str
    oldest: datetime
    by_name: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.by_name.values())


class ClockReader(ScopedReader[Clock]):
    units, store, missing = units.units, Clocks, CLOCK_NOT_FOUND

    async def find(self, wanted: ClockQuery) -> Page[Clock]:
        """A page of clocks, what is due first. Raises Invalid for a cursor not from here."""
        select = self._select().where(*self._matching(wanted))
        order = (clocks.c.due_at, clocks.c.id)
        return await Paged(self._connection, select, order, self._read).page(wanted.limit, wanted.after)

    async def counts(self, wanted: ClockFilter) -> ClockCounts:
        """One statement, whatever is counted."""
        keys = (clocks.c.state, _light(self._uow.now).label("light"), clocks.c.name)
        select = self._scope.select(clocks, *keys, sa.func.count())
        rows = (await self._connection.execute(select.where(*self._matching(wanted)).group_by(*keys))).all()
        by_state, by_name, by_light = Counter[str](), Counter[str](), dict.fromkeys(Light, 0)
        for state, light, name, count in rows:
            by_state[state] += count
            by_light[Light(light)] += count
            by_name[name] += count
        return ClockCounts(self._uow.now, by_state.total(), by_state, by_light, by_name)

    def _matching(self, wanted: ClockFilter) -> Conditions:
        rows, now = clocks.c, self._uow.now
        yield from equal(
            {rows.thing: wanted.thing, rows.thing_id: wanted.thing_id, rows.name: wanted.name, rows.street: wanted.street,
             rows.state: wanted.state, _light(now): wanted.light}
        )  # fmt: skip
        if wanted.unit is not None:
            yield self._scope.within(wanted.unit, clocks) if wanted.below else rows.unit == wanted.unit
        if wanted.number is not None:
            yield numbered(rows.number, wanted.number)
        if wanted.overdue is not None:
            yield _overdue(now) if wanted.overdue else sa.not_(_overdue(now))

    async def overdue(self) -> Sequence[Overdue]:
        """By unit, whoever has the most first."""
        columns = (clocks.c.unit, clocks.c.name, sa.func.count(), sa.func.min(clocks.c.due_at))
        rows = await self._connection.execute(
            self._scope.select(clocks, *columns)
            .where(_overdue(self._uow.now))
            .group_by(clocks.c.unit, clocks.c.name)
            .order_by(clocks.c.unit, clocks.c.name)
        )
        found: dict[str, Overdue] = {}
        for unit, name, count, oldest in rows:
            of_unit = found.setdefault(unit, Overdue(unit, oldest))
            of_unit.by_name[name] = count
            of_unit.oldest = min(oldest, of_unit.oldest)
        return sorted(found.values(), key=lambda one: (-one.count, one.unit))


async def overdue_by_name(connection: AsyncConnection, now: datetime) -> Mapping[tuple[str, str], int]:
    """How many running clocks are past their limit, by thing and name, over all units."""
    select = unscoped(
        clocks, clocks.c.thing, clocks.c.name, sa.func.count(), why="the metric counts the whole platform's"
    )
    rows = await connection.execute(select.where(_overdue(now)).group_by(clocks.c.thing, clocks.c.name))
    return {(thing, name): count for thing, name, count in rows}


def _overdue(now: datetime) -> sa.ColumnElement[bool]:
    # The state as a literal, so that the planner can prove the partial index's condition.
    return sa.and_(clocks.c.state == sa.literal_column("'running'"), clocks.c.due_at <= now)


def _light(now: datetime) -> sa.ColumnElement[str]:
    """`shared.limits.light` of one limit, in SQL."""
    return sa.case(
        (clocks.c.state != LimitState.RUNNING, Light.NONE.value),
        (clocks.c.due_at <= now, Light.RED.value),
        (clocks.c.warn_at <= now, Light.YELLOW.value),
        else_=Light.GREEN.value,
    )
