"""Reading work orders: the inbox of a unit sorted by what is due, look-ups, counts. Every query carries the reach."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.dispatch.schema import work_orders
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.store import work_order_of
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Reach
from shared.db.cursor import cursor, read_cursor
from shared.units.projection import UnitProjection

_FAR = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
"""Sorts what has nothing due behind everything else."""
_SIX = 6


class InboxReader:
    def __init__(self, connection: AsyncConnection, projection: UnitProjection, reach: Reach) -> None:
        self._connection = connection
        self._projection = projection
        self._reach = reach

    async def inbox(
        self, unit: str | None, *, below: bool, state: State | None, limit: int, after: str | None
    ) -> tuple[list[WorkOrder], str | None]:
        """A page of the work orders that `unit` leads (None: all in reach), what is due first; and the next cursor.

        Without a `state`, only those with something due: resolved, verified and closed ones are left out. Raises Invalid for a cursor not from here.
        """
        table = work_orders
        condition = self._led_by(unit, below=below)
        condition &= table.c.state == state if state else table.c.due_at.is_not(None)
        due = sa.func.coalesce(table.c.due_at, _FAR) if state else table.c.due_at
        if after is not None:
            condition &= sa.tuple_(due, table.c.id) > sa.tuple_(*read_cursor(after))
        rows = await self._connection.execute(
            sa.select(table).where(condition, self._in_reach()).order_by(due, table.c.id).limit(limit + 1)
        )
        orders = [work_order_of(row) for row in rows.mappings()]
        more = orders[limit - 1] if len(orders) > limit else None
        return orders[:limit], cursor(more.due_at or _FAR, more.id) if more else None

    async def find(
        self, *, report_ids: Sequence[UUID] = (), number: str | None = None, area: str | None = None, limit: int
    ) -> list[WorkOrder]:
        """Work orders by their report, their number (whole, or its last six digits) or their area, newest first."""
        table = work_orders
        condition = self._in_reach()
        if report_ids:
            condition &= table.c.report_id == sa.any_(sa.cast(list(report_ids), sa.ARRAY(sa.Uuid)))
            limit = max(limit, len(report_ids))
        if number:
            six = len(number) == _SIX and number.isdigit()
            condition &= (
                sa.func.right(table.c.number, _SIX) == number
                if six
                else sa.or_(table.c.number == number, table.c.report_number == number)
            )
        if area:
            condition &= table.c.area == area
        rows = await self._connection.execute(
            sa.select(table).where(condition).order_by(table.c.opened_at.desc(), table.c.id).limit(limit)
        )
        return [work_order_of(row) for row in rows.mappings()]

    async def one(self, work_order_id: UUID) -> WorkOrder | None:
        rows = await self._connection.execute(
            sa.select(work_orders).where(work_orders.c.id == work_order_id, self._in_reach())
        )
        row = rows.mappings().one_or_none()
        return work_order_of(row) if row else None

    async def counts(self, unit: str | None, *, below: bool, now: datetime) -> tuple[dict[str, int], int]:
        """How many per state, and how many past due."""
        table = work_orders
        rows = await self._connection.execute(
            sa.select(table.c.state, sa.func.count(), sa.func.count().filter(table.c.due_at <= now))
            .where(self._led_by(unit, below=below), self._in_reach())
            .group_by(table.c.state)
        )
        found = rows.all()
        return {state: count for state, count, _ in found}, sum(overdue for _, _, overdue in found)

    def _in_reach(self) -> sa.ColumnElement[bool]:
        return self._projection.condition(self._reach, work_orders.c.lead_unit, work_orders.c.area)

    def _led_by(self, unit: str | None, *, below: bool) -> sa.ColumnElement[bool]:
        if unit is None:
            return sa.true()
        if below:
            return self._projection.condition(
                Reach(unit, everything=False), work_orders.c.lead_unit, work_orders.c.area
            )
        return work_orders.c.lead_unit == unit
