"""WorkOrderOpened, WorkOrderMoved → what became of the resolution that opened the work order, shown at its meeting."""

from services.registry.meetings.store import Meetings
from shared.bus.batch import Batch
from shared.db.unit_of_work import UnitOfWork
from shared.events.dispatch.work_orders import WorkOrderEvent


async def follow_orders_of_resolutions(batch: Batch[WorkOrderEvent], uow: UnitOfWork) -> None:
    """May run again: the version of the work order makes the second time harmless."""
    await Meetings.of(uow).note_orders(batch.events)
