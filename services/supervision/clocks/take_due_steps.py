"""The steps of the ladder that are due are taken: each exactly once, of each kind of thing the oldest first, none beyond
what the owner has told.

One batch is one transaction, and one batch at a time is under way, whoever runs it: a worker that dies has taken
nothing and holds nothing, and the next one finds the same clocks due.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from services.supervision.clocks.ladder import Action, due_steps, take_step
from services.supervision.clocks.store import Clocks, Due
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.failpoints import failpoint

BATCH = 8000
"""So many clocks in a transaction, some 0.6 s: events that change one of them wait as long."""
_PART = 250
"""So many clocks are written at a time, while steps of the next are taken: Python and the database work at once."""
_TURN = 4
"""After so many clocks the loop turns, to hand the database its next statement."""
_CHANGED = ("level",)
WATCH = Actor(id="watch", role="service")


class Taken(NamedTuple):
    """A step that was taken, and how many seconds after it was due."""

    step: Action
    late: float


async def take_due_steps(
    uow: UnitOfWork, *, limit: int = BATCH, without: Collection[UUID] = ()
) -> Sequence[Taken] | None:
    """Take every due step of the `limit` clocks but these that are due longest; None while another worker is at it."""
    if not await Clocks.of(uow).take_turn():
        return None
    return await _take(uow, await Clocks.of(uow).due(uow.now, limit, without))


async def take_due_steps_of(uow: UnitOfWork, clock_id: UUID) -> Sequence[Taken] | None:
    """The same for one clock."""
    if not await Clocks.of(uow).take_turn():
        return None
    return await _take(uow, await Clocks.of(uow).due_alone(uow.now, clock_id))


async def _take(uow: UnitOfWork, due: Iterable[Due]) -> Sequence[Taken]:
    taken, store = [], Clocks.of(uow)
    for count, (found, until, trace) in enumerate(due, 1):
        clock = found
        for step in due_steps(clock, until):
            change = take_step(clock, step, uow.now, WATCH)
            store.put(change, trace=trace, only=_CHANGED)
            taken.append(Taken(step.action, (uow.now - step.due_at(clock)).total_seconds()))
            clock = change.after
        if count % _PART == 0:
            await uow.write_ahead()
        elif count % _TURN == 0:
            await asyncio.sleep(0)
    failpoint("watch.before_commit")
    return taken
