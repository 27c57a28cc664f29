"""ReportTriaged → exactly one work order: routed by the catalogue, with its limits, in the lead unit's inbox."""

from services.dispatch.unit_of_work import DispatchUnitOfWork
from services.dispatch.work_orders.routing import route
from services.dispatch.work_orders.store import Opening
from services.dispatch.work_orders.work_order import open_for
from shared.bus.batch import Batch
from shared.change import Actor
from shared.events.intake.reports import ReportTriaged
from shared.ids import new_id
from shared.telemetry import context
from shared.worktime.calendar import Calendar

ROUTING = Actor(id="routing", role="service")


async def open_work_orders(batch: Batch[ReportTriaged], uow: DispatchUnitOfWork, *, calendar: Calendar) -> None:
    catalogue, tree = await uow.catalogue(), await uow.units()
    openings = []
    for report in batch:
        routing = route(report.category, report.unit, catalogue, tree, uow.today)
        change = open_for(report, routing, id=new_id(), by=ROUTING, now=uow.now, calendar=calendar)
        openings.append(Opening(change, context.current()))
    await uow.work_orders.open(openings)
