"""WorkOrderOpened, WorkOrderMoved → the reports among its sources follow the work order."""

from typing import Final

from services.intake.reports.lifecycle import Action, way
from services.intake.reports.report import follow
from services.intake.reports.store import Reports
from shared.bus.batch import Batch
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.events.dispatch.work_orders import WorkOrderEvent

DISPATCH: Final = Actor(id="dispatch", role="service")

FOLLOWS: Final[dict[str, Action]] = {
    "open": Action.DISPATCH,
    "resolve": Action.RESOLVE,
    "rework": Action.REWORK,
    "close": Action.CLOSE,
    "reopen": Action.WORK_AGAIN,
    "hazard-submitted": Action.RESOLVE,
    "hazard-failed": Action.REWORK,
    "hazard-passed": Action.CLOSE,
}
"""Action on the work order → what it does to the report. Other actions do not concern the reporter."""
_CHANGES: Final = ("status", "work_order", "work_order_version", "closings", "closed_at")


async def follow_work_orders(batch: Batch[WorkOrderEvent], uow: UnitOfWork) -> None:
    store = Reports.of(uow)
    reports = await store.load(
        report_id for event in batch.events if event.action in FOLLOWS for report_id in event.report_ids
    )
    for event in batch:
        for report_id in event.report_ids if event.action in FOLLOWS else ():
            report = reports.get(report_id)
            # One that comes late (from the dead letters) must not take the report back.
            if report is None or event.version <= report.work_order_version:
                continue
            # The moves before it may lie in the dead letters: the report makes up for them, since they will come too
            # late. There is no way for a report that was rejected meanwhile.
            for step in way(report.status, FOLLOWS[event.action]):
                change = follow(
                    report, step, work_order=event.number, work_order_version=event.version, by=DISPATCH, now=uow.now
                )
                store.put(change, only=_CHANGES)
                report = change.after
            reports[report_id] = report
