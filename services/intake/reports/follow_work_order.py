"""WorkOrderOpened, WorkOrderMoved → the report follows its work order."""

from collections.abc import Sequence

from services.intake.reports.lifecycle import Action, way
from services.intake.reports.report import follow
from services.intake.unit_of_work import IntakeUnitOfWork
from shared.change import Actor
from shared.events.codec import Envelope
from shared.events.dispatch.work_orders import WorkOrderEvent
from shared.telemetry.context import bound

DISPATCH = Actor(id="dispatch", role="service")

FOLLOWS: dict[str, Action] = {
    "open": Action.DISPATCH,
    "resolve": Action.RESOLVE,
    "rework": Action.REWORK,
    "close": Action.CLOSE,
}
"""Action on the work order → what it does to the report. Other actions do not concern the reporter."""


async def follow_work_orders(envelopes: Sequence[Envelope[WorkOrderEvent]], uow: IntakeUnitOfWork) -> None:
    relevant = [(envelope, action) for envelope in envelopes if (action := FOLLOWS.get(envelope.event.action))]
    reports = await uow.reports.load(envelope.event.report_id for envelope, _ in relevant)
    for envelope, action in relevant:
        event = envelope.event
        report = reports.get(event.report_id)
        # One that comes late (from the dead letters) must not take the report back.
        if report is None or event.version <= report.work_order_version:
            continue
        with bound(envelope.trace):
            # The moves before it may lie in the dead letters: the report makes up for them, since they will come too
            # late. There is no way for a report that was rejected meanwhile.
            for step in way(report.status, action):
                change = follow(
                    report,
                    step,
                    work_order=event.number,
                    work_order_version=event.version,
                    by=DISPATCH,
                    now=uow.now,
                )
                uow.reports.put(change)
                report = change.after
        reports[report.id] = report
