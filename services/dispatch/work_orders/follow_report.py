"""ReportCorrected, ReportReopened, ReportJoined → the work order of the report follows; what was followed already changes nothing."""

from collections.abc import Sequence
from uuid import UUID

from services.dispatch.catalogue.store import in_force
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.following import follow_correction, reopened
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.open_work_order import ROUTING
from services.dispatch.work_orders.routing import route
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.succession import succeed
from services.dispatch.work_orders.work_order import WorkOrder
from shared.bus.batch import Batch
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.intake.reports import ReportCorrected, ReportJoined, ReportReopened
from shared.units.projection import UnitProjection
from shared.worktime.calendar import Calendar


async def follow_corrections(
    batch: Batch[ReportCorrected], uow: UnitOfWork, *, projection: UnitProjection, calendar: Calendar
) -> None:
    context = await _context(uow, projection, calendar)
    catalogue = await in_force(uow, context.day)
    orders = await _orders([event.report_id for event in batch.events], uow)
    for report in batch:
        order = orders.get(report.report_id)
        if order is None or report.version <= order.source_version or order.hazard is not None:
            continue  # where and what a hazard is, registry says
        routing = route(report.category, report.unit, catalogue, context.tree, context.day)
        change = follow_correction(order, report, routing, context)
        WorkOrders.of(uow).put(change)
        orders[report.report_id] = change.after


async def follow_reopenings(
    batch: Batch[ReportReopened], uow: UnitOfWork, *, projection: UnitProjection, calendar: Calendar
) -> None:
    """One that is not closed is open again already, or never was closed: nothing is to be done."""
    context = await _context(uow, projection, calendar)
    orders = await _orders([event.report_id for event in batch.events], uow)
    for report in batch:
        order = orders.get(report.report_id)
        if order is None or report.version <= order.source_version or order.state is not State.CLOSED:
            continue
        change = reopened(order, report, context)
        WorkOrders.of(uow).put(change)
        passing = await projection.succeeded(uow, context.tree, (order.place.area, order.lead_unit))
        if (passed_on := succeed(change.after, passing, uow.now)) is not None:
            WorkOrders.of(uow).put(change := passed_on)
        orders[report.report_id] = change.after


async def count_joined(batch: Batch[ReportJoined], uow: UnitOfWork) -> None:
    """One whose work order is not open yet is told with the report."""
    most: dict[UUID, int] = {}
    for event in batch.events:
        most[event.report_id] = max(event.joined, most.get(event.report_id, 0))
    await WorkOrders.of(uow).joined(most)


async def _context(uow: UnitOfWork, projection: UnitProjection, calendar: Calendar) -> Context:
    return Context(ROUTING, uow.now, local_day(uow.now), await projection.tree(uow.connection), calendar)


async def _orders(reports: Sequence[UUID], uow: UnitOfWork) -> dict[UUID, WorkOrder]:
    """By the report that opened them, locked."""
    return {order.sources[0].id: order for order in await WorkOrders.of(uow).of_reports(reports)}
