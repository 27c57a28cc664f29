"""Reading clocks for people: lists, one, and what is overdue by unit. Every query of a caller carries the reach."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.supervision.clocks.clock import Clock, Kind, State
from services.supervision.clocks.store import clock_of
from services.supervision.schema import clocks
from shared.auth.principal import Reach
from shared.errors import Invalid
from shared.units.projection import UnitProjection


@dataclass(frozen=True, slots=True)
class KeptClock:
    """A clock with the number and the area of its work order."""

    clock: Clock
    number: str
    area: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many running clocks of a unit are past their limit, and since when the oldest is (UTC)."""

    unit: str
    accept: int
    resolve: int
    oldest: datetime


class ClockReader:
    def __init__(self, connection: AsyncConnection, projection: UnitProjection, reach: Reach) -> None:
        self._connection = connection
        self._in_reach = projection.condition(reach, clocks.c.unit, clocks.c.area)

    async def find(
        self,
        *,
        work_order_id: UUID | None,
        unit: str | None,
        state: State | None,
        overdue: bool | None,
        now: datetime,
        limit: int,
        after: str | None,
    ) -> tuple[list[KeptClock], str | None]:
        """A page of clocks, what is due first, and the next cursor. Raises Invalid for a cursor not from here."""
        wanted: list[sa.ColumnElement[bool]] = [self._in_reach]
        if work_order_id is not None:
            wanted.append(clocks.c.work_order_id == work_order_id)
        if unit is not None:
            wanted.append(clocks.c.unit == unit)
        if state is not None:
            wanted.append(clocks.c.state == state)
        if overdue is not None:
            wanted.append(_overdue(now) if overdue else sa.not_(_overdue(now)))
        if after is not None:
            wanted.append(sa.tuple_(clocks.c.due_at, clocks.c.id) > sa.tuple_(*_read_cursor(after)))
        rows = await self._connection.execute(
            sa.select(clocks).where(*wanted).order_by(clocks.c.due_at, clocks.c.id).limit(limit + 1)
        )
        found = [_kept(row) for row in rows.mappings()]
        more = found[limit - 1].clock if len(found) > limit else None
        return found[:limit], _cursor(more) if more else None

    async def one(self, clock_id: UUID) -> KeptClock | None:
        rows = await self._connection.execute(sa.select(clocks).where(clocks.c.id == clock_id, self._in_reach))
        row = rows.mappings().one_or_none()
        return _kept(row) if row else None

    async def overdue(self, now: datetime) -> Sequence[Overdue]:
        """By unit, whoever has the most first."""
        count = sa.func.count()
        rows = await self._connection.execute(
            sa.select(
                clocks.c.unit,
                count.filter(clocks.c.kind == Kind.ACCEPT),
                count.filter(clocks.c.kind == Kind.RESOLVE),
                sa.func.min(clocks.c.due_at),
            )
            .where(_overdue(now), self._in_reach)
            .group_by(clocks.c.unit)
            .order_by(count.desc(), clocks.c.unit)
        )
        return [Overdue(*row) for row in rows]


async def overdue_by_kind(connection: AsyncConnection, now: datetime) -> dict[Kind, int]:
    """How many running clocks are past their limit, over all units."""
    rows = await connection.execute(
        sa.select(clocks.c.kind, sa.func.count()).where(_overdue(now)).group_by(clocks.c.kind)
    )
    return {Kind(kind): count for kind, count in rows}


def _overdue(now: datetime) -> sa.ColumnElement[bool]:
    # The state as a literal, so that the planner can prove the partial index's condition.
    return sa.and_(clocks.c.state == sa.literal_column("'running'"), clocks.c.due_at <= now)


def _kept(row: Any) -> KeptClock:
    return KeptClock(clock_of(row), row["number"], row["area"])


def _cursor(clock: Clock) -> str:
    return base64.urlsafe_b64encode(json.dumps([clock.due_at.isoformat(), str(clock.id)]).encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        due, clock_id = json.loads(base64.urlsafe_b64decode(cursor))
        instant = datetime.fromisoformat(due)
        if instant.tzinfo is None:
            raise ValueError("no zone")
        return instant, UUID(clock_id)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise Invalid(
            "cursor_invalid",
            "翻页标记无效，请从第一页重新读取。",
            "The cursor is not one of ours; read again from the first page.",
            field="after",
        ) from None
