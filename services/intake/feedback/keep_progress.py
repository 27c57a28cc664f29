"""WorkOrderOpened, WorkOrderMoved → what the reporters are told of the work order. It changes no report: a new time to
do something in is no change of what was told, and must not stale what somebody reads."""

from uuid import UUID

from services.intake.feedback import progress_store
from services.intake.feedback.progress import Progress, progress_of
from shared.bus.batch import Batch
from shared.db.unit_of_work import UnitOfWork
from shared.events.dispatch.work_orders import WorkOrderEvent


async def keep_progress(batch: Batch[WorkOrderEvent], uow: UnitOfWork) -> None:
    newest: dict[UUID, Progress] = {}
    for event in batch.events:
        for report_id in event.report_ids:
            if (known := newest.get(report_id)) is None or known.version < event.version:
                newest[report_id] = progress_of(event, report_id)
    await progress_store.keep(uow.connection, newest.values())
