"""UnitChanged, UnitsRestructured → work orders that were opened before dispatch heard of their units are routed again.

Topics have no common order: in a new city a hazard may come before the units it lies in. Its work order is opened at
once by what is known, and nobody waits. For WITHIN, and until a person acts on it, it follows what is heard.
"""

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from services.dispatch.catalogue.catalogue import Catalogue
from services.dispatch.catalogue.store import in_force
from services.dispatch.schema import tables
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.following_units import route_again, stays
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.open_work_order import ROUTING
from services.dispatch.work_orders.routing import Routing, named, route
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.table import work_orders
from services.dispatch.work_orders.units_lock import hearing
from services.dispatch.work_orders.work_order import SourceKind, WorkOrder
from shared.bus.batch import Batch
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.registry.restructuring import UnitsRestructured
from shared.events.registry.units import UnitChanged
from shared.trail.read import by_a_person
from shared.units.projection import UnitProjection
from shared.worktime.calendar import Calendar

WITHIN: Final = timedelta(minutes=10)
"""How long after its opening a work order follows what is heard of units. Then it stays where it is: without a unit it
waits for the dispatcher."""
_BY_A_PERSON: Final = sa.exists().where(tables.trail.c.aggregate_id == work_orders.c.id, by_a_person(tables.trail))


async def follow_units(
    batch: Batch[UnitChanged] | Batch[UnitsRestructured],  # noqa: ARG001 - what counts is all that is known now
    uow: UnitOfWork,
    *,
    projection: UnitProjection,
    calendar: Calendar,
) -> None:
    """Called after the projection took the batch. Raises Unavailable while no catalogue was published."""
    await hearing(uow)
    store, c = WorkOrders.of(uow), work_orders.c
    orders = await store.where(
        c.opened_at > uow.now - WITHIN, c.state.in_([State.PENDING, State.ASSIGNED]), ~_BY_A_PERSON
    )
    if not orders:
        return
    context = Context(ROUTING, uow.now, local_day(uow.now), await projection.tree(uow.connection), calendar)
    found = _Routes(await in_force(uow, context.day), context)
    elsewhere = {one.id: one.version for one in orders if not stays(one, found.of(one), context)}
    for order in (await store.load(elsewhere)).values():
        if order.version == elsewhere[order.id]:  # else somebody was faster
            store.put(route_again(order, found.of(order), context))


class _Routes:
    """Routings by category and area, each found once: after an import many orders ask for few."""

    def __init__(self, catalogue: Catalogue, context: Context) -> None:
        self._catalogue, self._context = catalogue, context
        self._known: dict[tuple[Any, ...], Routing] = {}

    def of(self, order: WorkOrder) -> Routing:
        lead = order.lead_unit if order.sources[0].kind is SourceKind.RESOLUTION else None
        key = order.category, order.place.area, lead
        if key not in self._known:
            tree, day = self._context.tree, self._context.day
            found = route(order.category, order.place.area, self._catalogue, tree, day)
            self._known[key] = found if lead is None else named(found, lead, tree)
        return self._known[key]
