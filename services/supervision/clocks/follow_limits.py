"""WorkOrderOpened, WorkOrderMoved → the work order's clocks follow, by the table in `domain/reactions.py`."""

from uuid import UUID

from services.supervision.clocks.clock import Kind
from services.supervision.clocks.reactions import Context, react
from services.supervision.clocks.store import Origin
from services.supervision.unit_of_work import SupervisionUnitOfWork
from shared.bus.batch import Batch
from shared.change import Actor
from shared.events.dispatch.work_orders import WorkOrderEvent
from shared.ids import new_id
from shared.telemetry import context as tracing
from shared.worktime.calendar import Calendar

DISPATCH = Actor(id="dispatch", role="service")


async def keep_clocks(batch: Batch[WorkOrderEvent], uow: SupervisionUnitOfWork, *, calendar: Calendar) -> None:
    """Apply the events that are newer than what was applied to their work order; the others change nothing."""
    newest: dict[UUID, int] = {}
    for event in batch.events:
        newest[event.work_order_id] = max(event.version, newest.get(event.work_order_id, 0))
    applied = await uow.work_orders.advance(newest)
    known = [order for order, version in applied.items() if version]
    clocks = await uow.clocks.current(known) if known else {}
    context = Context(DISPATCH, new_id, calendar)
    for event in batch:
        order, before = event.work_order_id, applied[event.work_order_id]
        if event.version <= before:
            continue
        applied[order] = event.version
        current = {kind: clocks[order, kind] for kind in Kind if (order, kind) in clocks}
        for change in react(event, current, context, known=before > 0):
            clock = change.after
            if clock.version == 1:
                uow.clocks.start(change, Origin(event.number, event.area, event.version, tracing.current()))
            else:
                uow.clocks.put(change)
            clocks[order, clock.kind] = clock
