"""HazardFound, HazardMoved → one work order for each hazard that was not fixed on the spot, and it follows the hazard.

A report that was made a hazard has its work order already: that one gains the hazard. Only where it is resolved, or
closed, the hazard gets one of its own.
"""

from typing import Final

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.following_hazard import follow_hazard, gain_hazard
from services.dispatch.work_orders.lifecycle import OF_HAZARD, Action
from services.dispatch.work_orders.open_work_order import open_orders
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.units_lock import opening
from services.dispatch.work_orders.work_order import Asked, Place, Source, SourceKind, WorkOrder
from shared.bus.batch import Batch
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.registry.hazards import HazardFound, HazardMoved
from shared.units.projection import UnitProjection
from shared.worktime.calendar import Calendar

CATEGORY: Final = "消防安全"
"""The category of the responsibility catalogue under which hazards are routed."""
REGISTRY: Final = Actor(id="registry", role="service")


async def open_for_hazards(
    batch: Batch[HazardFound], uow: UnitOfWork, *, projection: UnitProjection, calendar: Calendar
) -> None:
    await opening(uow)
    store = WorkOrders.of(uow)
    tree = await projection.tree(uow.connection)
    context = Context(REGISTRY, uow.now, local_day(uow.now), tree, calendar)
    has_order = await store.of_hazards([event.hazard_id for event in batch.events])
    reports = [event.source.id for event in batch.events if event.source.kind == "report" and event.source.id]
    of_report = {order.sources[0].id: order for order in await store.of_reports(reports)}
    for event in batch:
        if "rectify" not in event.limits or event.hazard_id in has_order:
            continue
        order = of_report.get(event.source.id) if event.source.id else None
        if order is not None and (order.state, Action.GAIN_HAZARD) in OF_HAZARD.moves and order.hazard is None:
            store.put(gain_hazard(order, event, context))
        else:
            await open_orders([asked_by(event, order)], uow, projection, calendar)


def asked_by(hazard: HazardFound, order: WorkOrder | None = None) -> Asked:
    """What a hazard asks for, by its deadline. `order` is its report's, where that is done with already: else the report
    opens it too, so that its own event, when it comes, opens no second one."""
    limit, source = hazard.limits["rectify"], hazard.source
    sources = [Source(SourceKind.HAZARD, hazard.hazard_id, hazard.number)]
    if order is None and source.kind == "report" and source.id is not None:
        sources.insert(0, Source(SourceKind.REPORT, source.id, source.number))
    address = f"{hazard.place}（{hazard.address}）" if hazard.place and hazard.address else hazard.place
    return Asked(
        sources=tuple(sources),
        text=hazard.text,
        category=CATEGORY,
        place=Place(hazard.area, hazard.street, hazard.longitude, hazard.latitude, address=address),
        asked_at=limit.started_at,
        version=0,
        due_at=limit.due_at,
    )


async def follow_hazards(
    batch: Batch[HazardMoved], uow: UnitOfWork, *, projection: UnitProjection, calendar: Calendar
) -> None:
    """What was followed already, or comes late, changes nothing."""
    store = WorkOrders.of(uow)
    tree = await projection.tree(uow.connection)
    context = Context(REGISTRY, uow.now, local_day(uow.now), tree, calendar)
    orders = await store.of_hazards([event.hazard_id for event in batch.events])
    for event in batch:
        order = orders.get(event.hazard_id)
        if order is None or event.version <= order.hazard_version:
            continue
        if (change := follow_hazard(order, event, context)) is not None:
            store.put(change)
            orders[event.hazard_id] = change.after
