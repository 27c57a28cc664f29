"""Reading work orders: by what is due or by when they came, one, and counts. Every query carries what the caller sees."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.errors import WORK_ORDER_NOT_FOUND
from services.dispatch.schema import files, units
from services.dispatch.work_orders.filter_reading import Filter, conditions, light_at
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.table import work_orders
from services.dispatch.work_orders.work_order import WorkOrder
from shared.db.keyset import Page, Paged
from shared.db.scoped_reader import ScopedReader
from shared.files.attach import PhotoOut, photos_of
from shared.limits import Light

_PART: Final = 500


class View(StrEnum):
    """The inbox shows what is due first, and unless a state, a task or a day is asked for only what has something due: no
    suspended, resolved, verified or closed ones. The list shows all, newest first."""

    INBOX = "inbox"
    LIST = "list"


_ORDERS: Final[Mapping[View, Sequence[sa.ColumnElement[Any]]]] = {
    View.INBOX: (work_orders.c.due_at, work_orders.c.id),
    View.LIST: (work_orders.c.opened_at.desc(), work_orders.c.id),
}


@dataclass(frozen=True, slots=True)
class Load:
    """How many work orders a unit leads that have something due, and how many of them are past it."""

    due: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a filter's work orders are in each state, show each light, wait for a decision; `total` are in the
    inbox that the same filter shows."""

    total: int
    by_state: Mapping[str, int]
    by_light: Mapping[Light, int]
    asked: int


class WorkOrderReader(ScopedReader[WorkOrder]):
    units, store, missing = units.units, WorkOrders, WORK_ORDER_NOT_FOUND

    async def page(self, view: View, wanted: Filter, *, limit: int, after: str | None = None) -> Page[WorkOrder]:
        """One page. Raises Invalid for a cursor not from here."""
        select = self._select().where(*conditions(wanted, self._scope, self._uow.now))
        if view is View.INBOX and _only_due(wanted):
            select = select.where(work_orders.c.due_at.is_not(None))
        return await Paged(self._connection, select, _ORDERS[view], self._read).page(limit, after)

    async def pages(self, view: View, wanted: Filter, most: int) -> AsyncIterator[Sequence[WorkOrder]]:
        """The same from the first to the last page, up to `most` work orders and one more that says so."""
        after, left = None, most + 1
        while left > 0:
            page = await self.page(view, wanted, limit=min(_PART, left), after=after)
            yield page.rows
            left, after = left - len(page.rows), page.next
            if after is None:
                return

    async def photos(self, orders: Sequence[WorkOrder]) -> dict[UUID, list[PhotoOut]]:
        """The photos of work orders that the caller sees."""
        return await photos_of(self._connection, files, WorkOrders.kind, [order.id for order in orders])

    async def loads(self) -> dict[str, Load]:
        """What each unit has to do, of what the caller sees."""
        due_at, lead_unit = work_orders.c.due_at, work_orders.c.lead_unit
        overdue = sa.func.count().filter(due_at <= self._uow.now)
        select = self._scope.select(work_orders, lead_unit, sa.func.count(), overdue)
        select = select.where(lead_unit.is_not(None), due_at.is_not(None)).group_by(lead_unit)
        return {unit: Load(*counts) for unit, *counts in (await self._connection.execute(select)).all()}

    async def counts(self, wanted: Filter) -> Counts:
        """One statement, whatever is counted."""
        state, light = work_orders.c.state, light_at(self._uow.now).label("light")
        asked = sa.func.count(work_orders.c.asked)
        select = self._scope.select(work_orders, state, light, sa.func.count(), asked)
        select = select.where(*conditions(wanted, self._scope, self._uow.now)).group_by(state, light)
        rows = (await self._connection.execute(select)).all()
        by_state: dict[str, int] = {}
        by_light = dict.fromkeys(Light, 0)
        for of_state, of_light, count, _ in rows:
            by_state[of_state] = by_state.get(of_state, 0) + count
            by_light[Light(of_light)] += count
        every = sum(by_state.values())
        total = every - by_light[Light.NONE] if _only_due(wanted) else every
        return Counts(total, by_state, by_light, sum(waiting for *_, waiting in rows))


def _only_due(wanted: Filter) -> bool:
    named = (wanted.state, wanted.task, wanted.open, wanted.opened_since, wanted.resolved_since, wanted.closed_since)
    asked = (wanted.open, wanted.suspension_over)
    return not any(named) and asked == (None, None) and wanted.light is not Light.NONE
