"""WorkOrderOpened, WorkOrderMoved → the report follows its work order."""

from services.intake.reports.lifecycle import Action, way
from services.intake.reports.report import follow
from services.intake.unit_of_work import IntakeUnitOfWork
from shared.bus.batch import Batch
from shared.change import Actor
from shared.events.dispatch.work_orders import WorkOrderEvent

DISPATCH = Actor(id="dispatch", role="service")

FOLLOWS: dict[str, Action] = {
    "open": Action.DISPATCH,
    "resolve": Action.RESOLVE,
    "rework": Action.REWORK,
    "close": Action.CLOSE,
}
"""Action on the work order → what it does to the report. Other actions do not concern the reporter."""


async def follow_work_orders(batch: Batch[WorkOrderEvent], uow: IntakeUnitOfWork) -> None:
    reports = await uow.reports.load(event.report_id for event in batch.events if event.action in FOLLOWS)
    for event in batch:
        report = reports.get(event.report_id)
        # One that comes late (from the dead letters) must not take the report back.
        if event.action not in FOLLOWS or report is None or event.version <= report.work_order_version:
            continue
        # The moves before it may lie in the dead letters: the report makes up for them, since they will come too
        # late. There is no way for a report that was rejected meanwhile.
        for step in way(report.status, FOLLOWS[event.action]):
            change = follow(
                report, step, work_order=event.number, work_order_version=event.version, by=DISPATCH, now=uow.now
            )
            uow.reports.put(change)
            report = change.after
        reports[report.id] = report
