"""Reading work orders: the inbox of a unit by what is due, look-ups, counts. Every query carries what the caller sees."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.dispatch.schema import units
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.table import work_orders
from services.dispatch.work_orders.work_order import SourceKind, WorkOrder
from shared.auth.principal import Principal
from shared.db.keyset import keyset
from shared.units.scope import Scope

Found = tuple[list[WorkOrder], str | None]
"""A page and the cursor of the next."""
_SIX = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which work orders of an inbox: those that `unit` leads (None: all that the caller sees), or with `below` also what
    its part of the tree leads and what happened there; in one state; with something asked for or with nothing."""

    unit: str | None = None
    below: bool = False
    state: State | None = None
    asked: bool | None = None


class WorkOrderReader:
    def __init__(self, connection: AsyncConnection, caller: Principal) -> None:
        self._connection = connection
        self._scope = Scope(units.units, caller)

    async def inbox(self, wanted: Filter, *, limit: int, after: str | None) -> Found:
        """What is due first comes first. Without a state only what has something due: suspended, resolved, verified and
        closed ones are left out. Raises Invalid for a cursor not from here."""
        select = self._scope.select(work_orders).where(*self._matching(wanted))
        if wanted.state is None:
            select = select.where(work_orders.c.due_at.is_not(None))
        return await self._page(select, (work_orders.c.due_at, work_orders.c.id), limit, after)

    async def find(
        self, *, report_ids: Sequence[UUID], number: str | None, area: str | None, limit: int, after: str | None
    ) -> Found:
        """Work orders by their report, their number or their report's (whole, or the last six digits), or their area,
        newest first. Raises Invalid for a cursor not from here."""
        select = self._scope.select(work_orders)
        if report_ids:
            select = select.where(
                work_orders.c.source_kind == SourceKind.REPORT,
                work_orders.c.source_id == sa.any_(sa.cast(list(report_ids), sa.ARRAY(sa.Uuid))),
            )
        if number is not None:
            select = select.where(_numbered(number))
        if area is not None:
            select = select.where(work_orders.c.area == area)
        return await self._page(select, (work_orders.c.opened_at.desc(), work_orders.c.id), limit, after)

    async def one(self, work_order_id: UUID) -> WorkOrder | None:
        row = await self._connection.execute(self._scope.select(work_orders).where(work_orders.c.id == work_order_id))
        found = row.mappings().one_or_none()
        return WorkOrders.codec.of(found) if found else None

    async def counts(self, wanted: Filter, now: datetime) -> tuple[dict[str, int], int]:
        """How many per state, and how many of all are past due."""
        state, overdue = work_orders.c.state, sa.func.count().filter(work_orders.c.due_at <= now)
        select = self._scope.select(work_orders, state, sa.func.count(), overdue)
        found = (await self._connection.execute(select.where(*self._matching(wanted)).group_by(state))).all()
        return {state: count for state, count, _ in found}, sum(late for _, _, late in found)

    def _matching(self, wanted: Filter) -> list[sa.ColumnElement[bool]]:
        conditions: list[sa.ColumnElement[bool]] = []
        if wanted.unit is not None and wanted.below:
            conditions.append(self._scope.within(wanted.unit, work_orders))
        elif wanted.unit is not None:
            conditions.append(work_orders.c.lead_unit == wanted.unit)
        if wanted.state is not None:
            conditions.append(work_orders.c.state == wanted.state)
        if wanted.asked is not None:
            asked = work_orders.c.asked
            conditions.append(asked.is_not(None) if wanted.asked else asked.is_(None))
        return conditions

    async def _page(
        self,
        select: sa.Select[tuple[object, ...]],
        order: Sequence[sa.ColumnElement[object]],
        limit: int,
        after: str | None,
    ) -> Found:
        page = await keyset(self._connection, select, order, limit=limit, after=after)
        return [WorkOrders.codec.of(dict(row)) for row in page.rows], page.next


def _numbered(typed: str) -> sa.ColumnElement[bool]:
    """However a number was typed: in full width, with blanks, in small letters; its own, or the report's that opened it."""
    number = "".join(unicodedata.normalize("NFKC", typed).split())
    if _SIX.fullmatch(number):
        return sa.func.right(work_orders.c.number, 6) == number
    return work_orders.c.number.in_({f"{start}{word}" for start in ("", "GD-") for word in (number, number.upper())})
