"""The steps of the ladder that are due are taken: exactly once, oldest first.

One batch is one transaction, and one batch at a time is under way, whoever runs it: a worker that dies has taken
nothing and holds nothing, and the next one finds the same clocks due.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.supervision.clocks.clock import Clock
from services.supervision.clocks.ladder import due_steps, fire
from services.supervision.clocks.lifecycle import Action
from services.supervision.unit_of_work import SupervisionUnitOfWork
from shared.change import Actor
from shared.failpoints import failpoint
from shared.telemetry.context import Trace, bound

BATCH = 2000
_PART = 250
"""So many clocks are written at a time, while the next are fired: Python and the database work at the same time."""
_TURN = 25
"""After so many clocks the loop turns, to hand the database its next statement."""
WATCH = Actor(id="watch", role="service")


@dataclass(frozen=True, slots=True)
class Fired:
    """A step that was taken, and how many seconds after it was due."""

    step: Action
    late: float


async def fire_due(
    uow: SupervisionUnitOfWork, *, limit: int = BATCH, without: Collection[UUID] = ()
) -> Sequence[Fired] | None:
    """Take every due step of the `limit` clocks but these that are due longest; None while another worker is at it."""
    if not await uow.clocks.take_turn():
        return None
    return await _fire(uow, await uow.clocks.due(uow.now, limit, without))


async def fire_alone(uow: SupervisionUnitOfWork, clock_id: UUID) -> Sequence[Fired] | None:
    """The same for one clock."""
    if not await uow.clocks.take_turn():
        return None
    return await _fire(uow, await uow.clocks.due_alone(uow.now, clock_id))


async def _fire(uow: SupervisionUnitOfWork, due: Iterable[tuple[Clock, Trace]]) -> Sequence[Fired]:
    fired = []
    for count, (found, trace) in enumerate(due, 1):
        clock = found
        with bound(trace):
            for step in due_steps(clock, uow.now):
                change = fire(clock, step, uow.now, WATCH)
                uow.clocks.step(change)
                fired.append(Fired(step.action, (uow.now - step.due_at(clock)).total_seconds()))
                clock = change.after
        if count % _PART == 0:
            await uow.write_ahead()
        elif count % _TURN == 0:
            await asyncio.sleep(0)
    failpoint("watch.before_commit")
    return fired
