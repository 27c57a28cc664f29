"""The context of a caller, as the endpoints of work orders need it: once per request."""

from services.dispatch.deps import Dispatch
from services.dispatch.work_orders.context import Context
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork


async def context_of(uow: UnitOfWork, caller: Principal, dispatch: Dispatch) -> Context:
    """Who asks, at the transaction's instant, with the tree as of this transaction."""
    tree = await dispatch.projection.tree(uow.connection)
    return Context(caller.actor(), uow.now, local_day(uow.now), tree, dispatch.calendar)
