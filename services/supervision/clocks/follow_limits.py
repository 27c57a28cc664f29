"""LimitedEvent of any kind → the clocks of its thing follow (follow.py). Stale events change nothing."""

from collections import defaultdict
from uuid import UUID

from services.supervision.clocks.clock import Clock
from services.supervision.clocks.follow import follow
from services.supervision.clocks.store import Clocks
from services.supervision.clocks.versions_store import Versions
from shared.bus.batch import Batch
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.events.limits import LimitedEvent
from shared.ids import new_id


async def follow_limits(batch: Batch[LimitedEvent], uow: UnitOfWork) -> None:
    """Apply the events that are newer than what was applied to their thing."""
    newest: dict[UUID, int] = {}
    for event in batch.events:
        newest[event.thing_id] = max(event.version, newest.get(event.thing_id, 0))
    applied = await Versions.of(uow).advance(newest)
    store, clocks = Clocks.of(uow), defaultdict[UUID, dict[UUID, Clock]](dict)
    for clock in await store.of_things([thing for thing, version in applied.items() if version]):
        clocks[clock.thing_id][clock.id] = clock
    for event in batch:
        if event.version <= applied[event.thing_id]:
            continue
        applied[event.thing_id] = event.version
        present, by = clocks[event.thing_id], Actor(id=event.topic.split(".")[1], role="service")
        for change in list(follow(event, present.values(), new_id=new_id, by=by)):
            if change.after.version == 1:
                store.start(change)
            else:
                store.put(change)
            present[change.after.id] = change.after
