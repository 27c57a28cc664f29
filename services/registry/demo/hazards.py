"""What the rounds of the demo found, and what became of each hazard."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.registry.demo.inspections import Inspecting, Seen
from services.registry.demo.past import Past
from services.registry.demo.rounds import Round, rounds
from services.registry.demo.stories import FOUND, Act, Who, stories
from services.registry.hazards.act import act_on
from services.registry.hazards.hazard import Hazard
from services.registry.hazards.moving import Context, moved
from services.registry.hazards.store import Hazards
from services.registry.premises.premises import Premises
from shared.auth.principal import Principal
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.worktime.calendar import Calendar


class Rounds:
    """`people` are the offices by what the stories call them, `workers` the grid workers by unit."""

    def __init__(
        self, people: Mapping[Who, Principal], workers: Mapping[str, Principal], inspecting: Inspecting, past: Past,
        calendar: Calendar,
    ) -> None:  # fmt: skip
        self._people, self._workers, self._inspecting = people, workers, inspecting
        self._past, self._calendar = past, calendar

    async def make(self, premises: Sequence[Premises]) -> None:
        """Inspect, and live through what was found."""
        places = [one for one in premises if one.about.unit in self._workers]
        for one in rounds(places, local_day(self._past.now)):
            await self._round(one)

    async def _round(self, told: Round) -> None:
        found_at = self._past.at(told.ago, 9 + told.at % 3, told.at % 60)
        worker = self._workers[told.place.about.unit]
        by = self._people.get(told.who, worker)
        if told.story is None:
            await self._inspecting.inspect(told.place, found_at, by, kind=told.kind)
            return
        seen = [Seen(*FOUND[told.at % len(FOUND)])]
        if told.at % 2:  # as many small ones were seen to while the inspector stood there
            seen.append(Seen(*FOUND[(told.at + 3) % len(FOUND)], on_spot=True))
        hazard_id, *_ = await self._inspecting.inspect(
            told.place, found_at, by, seen, kind=told.kind, both=told.at % 3 == 0
        )
        _, acts = stories(local_day(found_at))[told.story]
        version = 1
        for act in acts:
            version = (await self._acted(hazard_id, version, act, found_at, worker)).version

    async def _acted(self, id: UUID, version: int, act: Act, found_at: datetime, worker: Principal) -> Hazard:
        async with self._past.uow(found_at + timedelta(days=act.after, hours=4)) as uow:
            if act.who is Who.NOBODY:
                return await self._by_itself(id, act, uow)
            caller = self._people.get(act.who, worker)
            context = Context(caller.actor(), uow.now, local_day(uow.now), self._calendar)
            return await act_on(id, version, act.command, caller, context, uow)

    async def _by_itself(self, id: UUID, act: Act, uow: UnitOfWork) -> Hazard:
        """What the platform does: here as it would have when supervision told it."""
        store = Hazards.of(uow)
        context = Context(Actor("supervision", "service"), uow.now, local_day(uow.now), self._calendar)
        change = moved((await store.load([id]))[id], act.command, context)
        store.put(change)
        return change.after
