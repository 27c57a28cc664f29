"""What an operator asks of dispatch: its trails, its reactions, whether a work order can be doubled, its calendar."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.schema import files, units
from services.dispatch.subscriptions import subscriptions
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.table import work_orders
from shared.audit.evidence import Evidence, Stands, Violation
from shared.audit.examination import ATTENTION, OK, Finding, Patient
from shared.events.dispatch.work_orders import WorkOrderOpened
from shared.events.topics import WORK_ORDERS
from shared.files.audit import attached_is_there
from shared.units.projection import UnitProjection
from shared.worktime.calendar import china

aggregates = {WorkOrders.kind: WorkOrders.codec.table}
reactions = subscriptions(UnitProjection(units), china())
_OF_REPORT = work_orders.c.source_kind == "report"


async def one_work_order_per_report(e: Evidence) -> AsyncIterator[Violation]:
    """2. One work order per report, in the table and in what was told."""
    numbers = sa.func.array_agg(work_orders.c.number).label("numbers")
    report = work_orders.c.source_id
    several = sa.select(report, numbers).where(_OF_REPORT).group_by(report).having(sa.func.count() > 1)
    async for row in e.rows("dispatch", several):
        yield Violation(
            2, f"the report has {len(row.numbers)} work orders: {', '.join(row.numbers)}", str(row.source_id)
        )
    told: dict[UUID, UUID] = {}
    async for _, event in e.published(WORK_ORDERS, WorkOrderOpened):
        for report_id in event.report_ids:
            if (first := told.setdefault(report_id, event.work_order_id)) != event.work_order_id:
                what = f"two work orders were told of: {first} and {event.work_order_id}"
                yield Violation(2, what, str(report_id))
    e.count("work_orders_told", len(told))


async def of_reports(e: Evidence) -> dict[UUID, tuple[str, str | None]]:
    """Number of each report's work order and what became of it longer ago than T ("closed", "opened", None)."""
    shown = sa.case((work_orders.c.closed_at <= e.settled, "closed"), (work_orders.c.opened_at <= e.settled, "opened"))
    orders = sa.select(work_orders.c.source_id, work_orders.c.number, shown.label("shown")).where(_OF_REPORT)
    return {row.source_id: (row.number, row.shown) async for row in e.rows("dispatch", orders)}


async def of_hazards(e: Evidence) -> dict[UUID, Stands]:
    """Where the work order of each hazard stands."""
    o = work_orders.c
    stands = sa.case((o.state == "closed", "closed"), (o.state.in_(["resolved", "verified"]), "resolved"), else_="open")
    at = sa.func.greatest(o.opened_at, o.accept_started_at, o.accept_ended_at, o.resolve_ended_at, o.closed_at)
    orders = sa.select(o.hazard_id, o.number, stands.label("stands"), o.resolve_due_at, at.label("at"))
    rows = e.rows("dispatch", orders.where(o.hazard_id.is_not(None)))
    return {row.hazard_id: Stands(row.number, row.stands, row.resolve_due_at, row.at) async for row in rows}


async def _calendar(patient: Patient) -> AsyncIterator[Finding]:
    calendar, now = china(), patient.now()
    latest = sa.select(sa.func.max(work_orders.c.resolve_due_at)).where(work_orders.c.closed_at.is_(None))
    async with patient.engines["dispatch"].connect() as connection:
        until = max(await connection.scalar(latest) or now, now)
    provisional = calendar.provisional(now, min(until, now + timedelta(days=3650)))
    yield Finding(
        "calendar", ATTENTION if provisional else OK, f"{calendar.version}, in use until {until:%Y-%m-%d}",
        "用到的年份尚未公布放假安排，期限可能变动；公布后请升级程序",
        "a year in use has no announced holidays yet and deadlines may move: upgrade once they are announced",
    )  # fmt: skip


invariants = (one_work_order_per_report, attached_is_there("dispatch", files))
questions = {"calendar": _calendar}
