"""Plans become duties, as units and premises appear and change, and as plans do.

A batch of bearers at a time: those whose version, or the plans' or the calendar's, differ from what was applied last. So nobody has to
tell of a change, an import of 50,000 premises does not wait for their duties, and a second time changes nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Final
from zlib import crc32

import sqlalchemy as sa

from services.registry.duties.bearer_store import BearerStore, Place, Waiting
from services.registry.duties.duty import Duty, Moment, Owed, State, begin, end, follow
from services.registry.duties.periods import Rhythm, rhythm_of
from services.registry.duties.plan import Plan, Terms, owed
from services.registry.duties.store import Duties, Plans
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.worktime.calendar import Calendar

BATCH: Final = 500
"""Bearers of one transaction."""
_AT_ONCE: Final = 50
"""Bearers between two looks at other work of this process."""
BY: Final = Actor(id="registry", role="service")
_TURN: Final = sa.select(sa.func.pg_try_advisory_xact_lock(crc32(b"gridgov.registry.duties")))


async def apply_plans(uow: UnitOfWork, calendar: Calendar, *, within: str | None = None) -> int:
    """Apply the plans to the next batch of bearers (`within` a unit and below it); how many there were. 0: nothing waits,
    or it is another worker's turn."""
    if not await uow.connection.scalar(_TURN):
        return 0
    bearers = BearerStore(uow, await Plans.of(uow).changes(), calendar.version)
    waiting = await bearers.waiting(BATCH, within)
    if not waiting:
        return 0
    plans = await Plans.of(uow).all()
    places = await bearers.places({one.unit for one in waiting})
    moment, store, new = Moment(BY, uow.now, calendar), Duties.of(uow), list[Owed]()
    over: list[Duty] = []
    stored = await store.of_bearers([one.id for one in waiting])
    async for one in _in_turns(waiting):
        wanted = _owed(one, plans, places)
        for duty in stored[one.id].values():
            if (terms := wanted.get(duty.duty)) is None:
                over += [duty] if duty.state is not State.ENDED else []
            elif step := follow(duty, terms, moment, paused=one.paused, new_calendar=one.new_calendar):
                store.take(step)
        if not one.paused:
            new += [terms for code, terms in wanted.items() if code not in stored[one.id]]
    rhythms = await store.rhythms([duty.id for duty in over])
    for duty in over:
        store.take(end(duty, rhythms[duty.id], moment))
    for terms, serial in zip(new, await store.new_serials(len(new)), strict=True):
        store.add(begin(terms, new_id(), f"{terms.street}-Z{serial}", moment))
    await bearers.note(waiting)
    return len(waiting)


async def apply_anew(uow: UnitOfWork, area: str | None) -> None:
    """Have the plans applied again to everything in and below `area`, None for everywhere."""
    bearers = BearerStore(uow, 0, "")
    await (bearers.all_wait_again() if area is None else bearers.wait_again(area))


async def _in_turns(waiting: Sequence[Waiting]) -> AsyncIterator[Waiting]:
    """All of these; other work of this process goes on between them."""
    for at, one in enumerate(waiting):
        if at % _AT_ONCE == 0:
            await asyncio.sleep(0)
        yield one


def _owed(one: Waiting, plans: Sequence[Plan], places: Mapping[str, Place]) -> dict[str, Owed]:
    """By code what the bearer owes; nothing where it is not there any more."""
    place = places.get(one.unit)
    if place is None or not one.there:
        return {}
    return {
        duty: Owed(
            duty=duty, name=plan.terms.name, plan_id=plan.id, watched=plan.terms.watched, bearer=plan.terms.bearer,
            bearer_id=one.id, unit=one.unit, street=place.street, rhythm=_rhythm(plan.terms, one),
        )
        for duty, plan in owed(replace(one.candidate, line=place.line), plans).items()
    }  # fmt: skip


def _rhythm(terms: Terms, one: Waiting) -> Rhythm:
    return rhythm_of(terms.period, terms.bearer, terms.weekday, one.hours)
