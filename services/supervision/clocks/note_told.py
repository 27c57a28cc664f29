"""ToldUntil → how far its owner has told everything, noted with the effects of all that it told before."""

from services.supervision.clocks.told_store import ToldStore
from shared.bus.batch import Batch
from shared.db.unit_of_work import UnitOfWork
from shared.events.limits import ToldUntil


async def note_told(batch: Batch[ToldUntil], uow: UnitOfWork) -> None:
    """Of each partition the newest is enough."""
    newest: dict[str, dict[int, ToldUntil]] = {}
    for event in sorted(batch.events, key=lambda event: event.until):
        newest.setdefault(event.thing, {})[event.partition] = event
    for of_partition in newest.values():
        await ToldStore.of(uow).note(list(of_partition.values()))
