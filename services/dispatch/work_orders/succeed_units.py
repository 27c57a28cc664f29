"""What units own in dispatch, open work orders, goes to who succeeds them: in bounded batches, once."""

import sqlalchemy as sa

from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.succession import succeed
from services.dispatch.work_orders.table import work_orders
from shared.db.unit_of_work import UnitOfWork
from shared.units.passing import Passing
from shared.units.succession import owns


async def succeed_units(uow: UnitOfWork, passing: Passing, limit: int) -> int:
    """Move up to `limit` open work orders of the units; how many there were."""
    place = owns(passing, work_orders.c.area, work_orders.c.street)
    owned = place | owns(passing, work_orders.c.lead_unit)
    ids = await uow.connection.scalars(
        sa.select(work_orders.c.id)
        .where(owned, work_orders.c.closed_at.is_(None))
        .order_by(work_orders.c.id)
        .limit(limit)
    )
    store = WorkOrders.of(uow)
    orders = await store.load(ids.all())
    still_open = (order for order in orders.values() if order.state is not State.CLOSED)
    store.put(*(change for order in still_open if (change := succeed(order, passing, uow.now)) is not None))
    return len(orders)
