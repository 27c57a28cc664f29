"""ClockReminded → a hazard whose deadline passed is overdue, once: supervision watches the limit, the hazard follows.

An extension that was granted meanwhile makes the reminder stale; it changes nothing.
"""

from typing import Final

from services.registry.hazards.following import Lapse
from services.registry.hazards.lifecycle import State
from services.registry.hazards.moving import Context, moved
from services.registry.hazards.store import Hazards
from shared.bus.batch import Batch
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.supervision.clocks import ClockReminded
from shared.worktime.calendar import Calendar

SUPERVISION: Final = Actor(id="supervision", role="service")


async def follow_clocks(batch: Batch[ClockReminded], uow: UnitOfWork, *, calendar: Calendar) -> None:
    store = Hazards.of(uow)
    context = Context(SUPERVISION, uow.now, local_day(uow.now), calendar)
    passed = [event for event in batch.events if event.thing == Hazards.kind and event.name == "rectify"]
    found = await store.load(event.thing_id for event in passed)
    for event in batch:
        hazard = found.get(event.thing_id)
        if hazard is None or event.name != "rectify" or hazard.state is not State.RECTIFYING:
            continue
        if hazard.rectify is None or hazard.rectify.due_at > uow.now:
            continue
        change = moved(hazard, Lapse(), context)
        store.put(change)
        found[hazard.id] = change.after
