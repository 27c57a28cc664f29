"""A source asks for work → exactly one work order: routed by the catalogue, with its limits, in the lead unit's inbox."""

from collections.abc import Iterable
from dataclasses import replace

from services.dispatch.catalogue.store import in_force
from services.dispatch.work_orders.routing import named, route
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.units_lock import opening
from services.dispatch.work_orders.work_order import Asked, Place, Source, SourceKind, open_for
from shared.bus.batch import Batch
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.intake.reports import ReportTriaged
from shared.ids import new_id
from shared.units.projection import UnitProjection
from shared.units.tree import UnitTree
from shared.worktime.calendar import Calendar

ROUTING = Actor(id="routing", role="service")


async def open_work_orders(
    batch: Batch[ReportTriaged], uow: UnitOfWork, *, projection: UnitProjection, calendar: Calendar
) -> None:
    await opening(uow)
    tree = await projection.tree(uow.connection)
    await open_orders((of_report(report, tree) for report in batch), uow, projection, calendar)


async def open_orders(asked: Iterable[Asked], uow: UnitOfWork, projection: UnitProjection, calendar: Calendar) -> None:
    """One work order for each; what was opened for the same first source before stays the only one. Where the unit has
    ended since it was asked for, its successor's."""
    tree, day = await projection.tree(uow.connection), local_day(uow.now)
    catalogue = await in_force(uow, day)
    store = WorkOrders.of(uow)
    for told in asked:
        one = told
        passing = await projection.succeeded(uow, tree, (told.place.area, told.lead))
        if (
            succession := passing.last_succession(told.place.area, told.place.longitude, told.place.latitude)
        ) is not None:
            one = replace(one, place=replace(one.place, area=succession.successor, street=succession.street))
        if told.lead is not None:
            one = replace(one, lead=passing.home(told.lead))
        routing = route(one.category, one.place.area, catalogue, tree, day)
        if one.lead is not None:
            routing = named(routing, one.lead, tree)
        store.add(open_for(one, routing, id=new_id(), by=ROUTING, now=uow.now, calendar=calendar))


def of_report(report: ReportTriaged, tree: UnitTree) -> Asked:
    """What a triaged report asks for."""
    street = tree.street_of(report.unit)
    return Asked(
        sources=(Source(SourceKind.REPORT, report.report_id, report.number),),
        title=report.title,
        text=report.text,
        category=report.category,
        place=Place(report.unit, street, report.longitude, report.latitude, report.point_radius, report.address),
        asked_at=report.submitted_at,
        version=report.version,
        joined=report.joined,
    )
