"""A release brings another working calendar → the limits of open work orders move by it (docs/rules.md §3.3)."""

from uuid import UUID

import sqlalchemy as sa

from services.dispatch.work_orders.by_calendar import measured
from services.dispatch.work_orders.lifecycle import UNRESOLVED
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.table import work_orders
from shared.db.unit_of_work import UnitOfWork
from shared.worktime.calendar import Calendar


async def follow_calendar(uow: UnitOfWork, before: Calendar, after: Calendar, cursor: UUID, limit: int) -> UUID | None:
    """Measure the next work orders anew; see `shared.calendar_watch.Measure`."""
    c = work_orders.c
    wanted = sa.select(c.id).where(c.id > cursor, c.state.in_(UNRESOLVED)).order_by(c.id).limit(limit)
    ids = (await uow.connection.scalars(wanted)).all()
    store = WorkOrders.of(uow)
    orders = (await store.load(ids)).values()
    still_open = (order for order in orders if order.state in UNRESOLVED)
    changes = (measured(order, before, after, uow.now) for order in still_open)
    store.put(*(change for change in changes if change is not None))
    return ids[-1] if ids else None
