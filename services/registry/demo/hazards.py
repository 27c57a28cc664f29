"""The hazards of the demo: found at its premises over half a year, and what became of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.registry.demo.past import WEEKS, Past
from services.registry.demo.stories import FOUND, Act, Who, stories
from services.registry.hazards.act import act_on
from services.registry.hazards.enter_hazard import enter_hazard
from services.registry.hazards.finding import Found
from services.registry.hazards.hazard import Hazard, Source, SourceKind
from services.registry.hazards.moving import Context, moved
from services.registry.hazards.store import Hazards
from services.registry.premises.premises import Premises
from shared.auth.principal import Principal
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.worktime.calendar import Calendar

ENDINGS = 14
"""How many stories there are; each is told three times, and the common ones besides."""


async def hazards(
    premises: Sequence[Premises], people: Mapping[Who, Principal], workers: Mapping[str, Principal], past: Past,
    calendar: Calendar,
) -> None:  # fmt: skip
    """At `premises`, whose grid workers are `workers` by unit; the offices are `people`."""
    places = [one for one in premises if one.about.unit in workers]
    for at in range(78):
        place = places[at * 11 % len(places)]
        told = stories(local_day(past.now))
        # The first two endings, of what was put right in time, happen most.
        ending = at // 3 if at < 3 * ENDINGS else at % 2
        length, _ = told[ending]
        ago = length + (at % 3) if ending >= 4 and at < 3 * ENDINGS else length + 5 + at * 29 % (WEEKS * 7 - length - 6)
        found_at = past.at(ago, 10, at % 60)
        worker = workers[place.about.unit]
        hazard = await _found(place, at, found_at, worker, past)
        for act in stories(local_day(found_at))[ending][1]:
            hazard = await _acted(hazard, act, found_at, people, worker, past, calendar)


async def _found(place: Premises, at: int, found_at: datetime, worker: Principal, past: Past) -> Hazard:
    item, text = FOUND[at % len(FOUND)]
    found = Found(
        place.id, place.about.unit, item, text, Source(SourceKind.TOLD),
        rectify_by=local_day(found_at + timedelta(days=15)),
    )  # fmt: skip
    async with past.uow(found_at) as uow:
        hazard = await enter_hazard(found, worker, uow, key=f"demo-{at}")
        if at % 2:  # as many small ones were seen to while the inspector stood there
            spot = Found(
                place.id, place.about.unit, *FOUND[(at + 3) % len(FOUND)], Source(SourceKind.TOLD), fixed_on_spot=True
            )
            await enter_hazard(spot, worker, uow, key=f"demo-spot-{at}")
    return hazard


async def _acted(
    hazard: Hazard, act: Act, found_at: datetime, people: Mapping[Who, Principal], worker: Principal, past: Past,
    calendar: Calendar,
) -> Hazard:  # fmt: skip
    async with past.uow(found_at + timedelta(days=act.after, hours=4)) as uow:
        if act.who is Who.NOBODY:
            return await _by_itself(hazard.id, act, uow, calendar)
        caller = worker if act.who is Who.WORKER else people[act.who]
        context = Context(caller.actor(), uow.now, local_day(uow.now), calendar)
        return await act_on(hazard.id, hazard.version, act.command, caller, context, uow)


async def _by_itself(id: UUID, act: Act, uow: UnitOfWork, calendar: Calendar) -> Hazard:
    """What the platform does: here as it would have when supervision told it."""
    store = Hazards.of(uow)
    context = Context(Actor("supervision", "service"), uow.now, local_day(uow.now), calendar)
    change = moved((await store.load([id]))[id], act.command, context)
    store.put(change)
    return change.after
