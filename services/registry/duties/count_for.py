"""Something was done: it counts for every running duty that waits for such an act, of the unit and of the premises.

Upper slices call it in the transaction in which they keep what was done. The second time it changes nothing: the next
run begins after it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registry.duties.duty import Last, Moment, counts_for, fulfil
from services.registry.duties.kinds import Act, Outcome
from services.registry.duties.store import Duties
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Thing:
    """What was done, as its slice keeps it: an inspection, a meeting, a drill …"""

    kind: str
    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Done:
    """What `unit` (a code) did at `at` (UTC), at premises or not. It counts for its own duties, for those of units above
    whose plans say so, and for the premises' own. Without a unit the premises did it, and it counts for these alone."""

    kind: Act
    unit: str | None
    premises_id: UUID | None
    at: datetime
    thing: Thing


async def count_for(uow: UnitOfWork, done: Done, *, by: Actor, calendar: Calendar) -> None:
    """Fulfil, with this transaction, every duty that `done` counts for; their next runs begin."""
    store, moment = Duties.of(uow), Moment(by, uow.now, calendar)
    # A phone's clock may run ahead.
    last = Last(done.kind, min(done.at, uow.now), Outcome.KEPT, done.thing.id, done.thing.number)
    for duty, rhythm in await store.counting(done.kind, done.unit, done.premises_id):
        if counts_for(duty, last.at):
            store.take(fulfil(duty, last, rhythm, moment))
