"""ReportTriaged → exactly one work order: routed by the catalogue, with its limits, in the lead unit's inbox."""

from services.dispatch.catalogue.store import in_force
from services.dispatch.work_orders.routing import route
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.work_order import open_for
from shared.bus.batch import Batch
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.intake.reports import ReportTriaged
from shared.ids import new_id
from shared.units.projection import UnitProjection
from shared.worktime.calendar import Calendar

ROUTING = Actor(id="routing", role="service")


async def open_work_orders(
    batch: Batch[ReportTriaged], uow: UnitOfWork, *, projection: UnitProjection, calendar: Calendar
) -> None:
    day = local_day(uow.now)
    catalogue, tree = await in_force(uow, day), await projection.tree(uow.connection)
    store = WorkOrders.of(uow)
    # Told before a restructuring, heard of after it.
    passing = await projection.succeeded(uow, (report.unit for report in batch.events))
    for told in batch:
        heir = passing.last_heir(told.unit, told.longitude, told.latitude)
        report = told if heir is None else told.model_copy(update={"unit": heir.successor})
        routing = route(report.category, report.unit, catalogue, tree, day)
        street = tree.street_of(report.unit)
        store.add(open_for(report, routing, id=new_id(), street=street, by=ROUTING, now=uow.now, calendar=calendar))
