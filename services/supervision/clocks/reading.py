"""Reading clocks for people: lists, one, and what is overdue by unit. What a caller reads is in their reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.supervision.clocks.clock import Clock
from services.supervision.clocks.store import CODEC
from services.supervision.clocks.table import clocks
from shared.db.keyset import keyset
from shared.limits import LimitState
from shared.numbers import numbered
from shared.units.scope import Scope, unscoped


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that is given must hold."""

    thing: str | None = None
    thing_id: UUID | None = None
    name: str | None = None
    unit: str | None = None
    state: LimitState | None = None
    number: str | None = None


@dataclass(slots=True)
class Overdue:
    """How many running clocks of a unit are past their limit, by the limits' names, and since when the oldest is (UTC)."""

    unit: str
    oldest: datetime
    by_name: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.by_name.values())


class ClockReader:
    def __init__(self, connection: AsyncConnection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope

    async def find(
        self, wanted: Wanted, *, overdue: bool | None, now: datetime, limit: int, after: str | None
    ) -> tuple[list[Clock], str | None]:
        """A page of clocks, what is due first, and the next cursor. Raises Invalid for a cursor not from here."""
        select = self._scope.select(clocks)
        for name in ("thing", "thing_id", "name", "unit", "state"):
            if (value := getattr(wanted, name)) is not None:
                select = select.where(clocks.c[name] == value)
        if wanted.number is not None:
            select = select.where(numbered(clocks.c.number, wanted.number))
        if overdue is not None:
            select = select.where(_overdue(now) if overdue else sa.not_(_overdue(now)))
        page = await keyset(self._connection, select, (clocks.c.due_at, clocks.c.id), limit=limit, after=after)
        return [CODEC.of(dict(row)) for row in page.rows], page.next

    async def one(self, clock_id: UUID) -> Clock | None:
        rows = await self._connection.execute(self._scope.select(clocks).where(clocks.c.id == clock_id))
        row = rows.mappings().one_or_none()
        return CODEC.of(dict(row)) if row else None

    async def overdue(self, now: datetime) -> Sequence[Overdue]:
        """By unit, whoever has the most first."""
        columns = (clocks.c.unit, clocks.c.name, sa.func.count(), sa.func.min(clocks.c.due_at))
        rows = await self._connection.execute(
            self._scope.select(clocks, *columns)
            .where(_overdue(now))
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
