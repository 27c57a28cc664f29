"""WorkOrderOpened, WorkOrderMoved → the report follows its work order."""

from collections.abc import Sequence

from services.intake.domain.lifecycle import TRANSITIONS, Action
from services.intake.domain.report import follow
from services.intake.store.unit_of_work import IntakeUnitOfWork
from shared.change import Actor
from shared.events.codec import Envelope
from shared.events.dispatch import WorkOrderEvent
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
        # A move that the report's own lifecycle does not know (it was rejected meanwhile) is none of its business; one
        # that comes late (from the dead letters) must not take it back.
        if report is None or event.version <= report.work_order_version or (report.status, action) not in TRANSITIONS:
            continue
        with bound(envelope.trace):
            change = follow(
                report,
                action,
                work_order=event.number,
                work_order_version=event.version,
                by=DISPATCH,
                now=uow.now,
            )
            uow.reports.put(change)
        reports[report.id] = change.after
