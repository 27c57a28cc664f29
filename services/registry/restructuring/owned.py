"""What a unit owns in registry: one row per kind of thing that is moved in bounded batches after a restructuring.

A row says where the thing lies, which of them are moved, and the domain's function that moves one: it gives a Change
with its trail line and events. Posts and plans are moved with the units themselves (`apply.py`).
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa

from services.registry.accounts import account
from services.registry.accounts.store import Accounts
from services.registry.accounts.table import accounts
from services.registry.activities import activity
from services.registry.activities.activity import Activity, ActivityState
from services.registry.activities.store import Activities
from services.registry.activities.table import activities
from services.registry.availability import leave, shift
from services.registry.availability.store import Leaves, Shifts
from services.registry.availability.table import leave as leaves
from services.registry.availability.table import shifts
from services.registry.hazards import succession as hazard
from services.registry.hazards.hazard import Hazard
from services.registry.hazards.store import Hazards
from services.registry.hazards.table import hazards
from services.registry.meetings import meeting
from services.registry.meetings.meeting import MeetingState
from services.registry.meetings.store import Meetings
from services.registry.meetings.table import meetings
from services.registry.premises import premises as file
from services.registry.premises.premises import Premises
from services.registry.premises.store import Ledger
from services.registry.premises.table import premises
from services.registry.restructuring.plan import RESTRUCTURING
from services.registry.units.table import units
from shared.change import Actor, Change
from shared.db.aggregates import Aggregates, Versioned
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.units.passing import Passing, Succession
from shared.units.succession import owns

T = TypeVar("T", bound=Versioned)


class Succeed(Protocol[T]):
    """Moves one thing to the successor of its unit."""

    def __call__(self, thing: T, succession: Succession, /, *, by: Actor, now: datetime) -> Change[T]: ...


Point = tuple[float | None, float | None]
"""Longitude and latitude in WGS-84."""
Points = Callable[[UnitOfWork, Sequence[T]], Awaitable[Mapping[UUID, Point]]]


class Anew(Protocol[T]):
    """What begins at the successor of a unit, where the thing itself ends."""

    def __call__(
        self, thing: T, succession: Succession, id: UUID, /, *, by: Actor, now: datetime
    ) -> Change[T] | None: ...


Fitting = Callable[[UnitOfWork, Mapping[UUID, T], Sequence[Change[T]]], Awaitable[Sequence[Change[T]]]]


@dataclass(frozen=True, slots=True)
class Owned(Generic[T]):
    """Things of `store` that name units in the column `unit` (`units_of` one), and its street in `street` where they
    do; `points` gives where they are, which counts where a unit was split; `fitting` of the changes those that can be; `anew` what begins at the successor of a thing that ends with its unit. `there` is true for those that
    move, not for what has ended; None: all of them."""

    store: type[Aggregates[T]]
    unit: sa.Column[Any]
    units_of: Callable[[T], Iterable[str | None]]
    succeed: Succeed[T]
    street: sa.Column[Any] | None = None
    there: sa.ColumnElement[bool] | None = None
    points: Points[T] | None = None
    fitting: Fitting[T] | None = None
    anew: Anew[T] | None = None

    @property
    def kind(self) -> str:
        return self.store.kind

    @property
    def _there(self) -> list[sa.ColumnElement[bool]]:
        return [] if self.there is None else [self.there]

    async def __call__(self, uow: UnitOfWork, passing: Passing, limit: int) -> int:
        """Move up to `limit` of them; how many there were."""
        table = self.store.codec.table
        ids = await uow.connection.scalars(
            sa.select(table.c.id)
            .where(owns(passing, self.unit, self.street), *self._there)
            .order_by(table.c.id)
            .limit(limit)
        )
        store = self.store.of(uow)
        things = await store.load(ids.all())
        points = await self.points(uow, list(things.values())) if self.points else {}
        changes = []
        for thing in things.values():
            after = thing
            for unit in self.units_of(thing):
                succession = passing.succession(unit, *points.get(thing.id, (None, None)))
                if succession is not None:
                    if self.anew and (begun := self.anew(thing, succession, new_id(), by=RESTRUCTURING, now=uow.now)):
                        store.add(begun)
                    changes.append(self.succeed(after, succession, by=RESTRUCTURING, now=uow.now))
                    after = changes[-1].after
        store.put(*(changes if self.fitting is None else await self.fitting(uow, things, changes)))
        return len(things)

    async def counts(self, uow: UnitOfWork, units: Collection[str]) -> dict[str, int]:
        """How many there are in each of these units."""
        several = isinstance(self.unit.type, sa.ARRAY)
        named = sa.select((sa.func.unnest(self.unit) if several else self.unit).label("unit")).where(*self._there)
        found = named.subquery().c.unit
        there = found == sa.any_(sa.literal(list(units), sa.ARRAY(sa.Text)))
        rows = await uow.connection.execute(
            sa.select(found.label("unit"), sa.func.count().label("things")).where(there).group_by(found)
        )
        return {row.unit: row.things for row in rows}


async def _of_premises(_: UnitOfWork, some: Sequence[Premises]) -> Mapping[UUID, Point]:
    return {one.id: (one.about.longitude, one.about.latitude) for one in some}


async def _known_once(
    uow: UnitOfWork, before: Mapping[UUID, Premises], changes: Sequence[Change[Premises]]
) -> Sequence[Change[Premises]]:
    """A place that comes to another street, where one is known by the same name and address, keeps the street in which
    it is known: somebody must find out whether the two are one."""
    keys = [change.after.key for change in changes if change.after.key != before[change.after.id].key]
    taken = {one.key for one in await Ledger.of(uow).known(keys=keys)} if keys else set()
    fitting = []
    for change in changes:
        was, after = before[change.after.id], change.after
        if after.key != was.key and (after.key in taken or keys.count(after.key) > 1):
            after = replace(after, street=was.street)
        if after.about.unit != was.about.unit or after.street != was.street:
            fitting.append(replace(change, after=after))
    return fitting


async def _of_hazards(uow: UnitOfWork, some: Sequence[Hazard]) -> Mapping[UUID, Point]:
    """A hazard is where its premises is."""
    return await _at(uow, {one.id: one.premises_id for one in some})


async def _of_activities(uow: UnitOfWork, some: Sequence[Activity]) -> Mapping[UUID, Point]:
    """One that is for premises is where they are."""
    return await _at(uow, {one.id: one.plan.premises_id for one in some})


async def _at(uow: UnitOfWork, places: Mapping[UUID, UUID | None]) -> Mapping[UUID, Point]:
    """Where things are, by id, that name the premises where they are."""
    files = await Ledger.of(uow).load(place for place in places.values() if place is not None)
    at = await _of_premises(uow, list(files.values()))
    return {thing: at[place] for thing, place in places.items() if place is not None and place in at}


_OPEN = meetings.c.state.in_((MeetingState.CALLED, MeetingState.HELD))
"""Meetings whose minutes are not approved: what they name may change yet."""

_ENDED = sa.select(units.c.valid_to).where(units.c.code == shifts.c.unit).scalar_subquery()
"""When a shift's unit ended: what holds no longer stays there."""

OWNED: tuple[Owned[Any], ...] = (
    Owned(
        Ledger,
        premises.c.unit,
        lambda one: (one.about.unit,),
        file.succeed,
        street=premises.c.street,
        points=_of_premises,
        fitting=_known_once,
    ),
    Owned(
        Hazards,
        hazards.c.unit,
        lambda one: (one.unit,),
        hazard.succeed,
        street=hazards.c.street,
        there=hazards.c.closed_at.is_(None),
        points=_of_hazards,
    ),
    Owned(
        Hazards,
        hazards.c.transferred_to,
        lambda one: (one.transferred_to,),
        hazard.succeed_police,
        there=hazards.c.closed_at.is_(None),
    ),
    Owned(
        Activities,
        activities.c.unit,
        lambda one: (one.plan.unit,),
        activity.succeed,
        street=activities.c.street,
        there=activities.c.state == ActivityState.PLANNED,
        points=_of_activities,
    ),
    Owned(
        Meetings, meetings.c.unit, lambda one: (one.call.unit,), meeting.succeed, street=meetings.c.street, there=_OPEN
    ),
    Owned(Meetings, meetings.c.invited, lambda one: one.call.invited, meeting.succeed, there=_OPEN),
    Owned(Meetings, meetings.c.leads, lambda one: one.leads, meeting.succeed, there=_OPEN),
    Owned(
        Shifts,
        shifts.c.unit,
        lambda one: (one.unit,),
        shift.succeed,
        there=shifts.c.valid_to.is_(None) | (shifts.c.valid_to > sa.func.coalesce(_ENDED, sa.func.current_date())),
        anew=shift.go_on,
    ),
    Owned(Leaves, leaves.c.unit, lambda one: (one.unit,), leave.succeed, there=leaves.c.ends_at > sa.func.now()),
    Owned(Accounts, accounts.c.unit, lambda one: (one.unit,), account.succeed),
)
"""A new ledger whose things lie in units: its row here. Duties need none: they follow their bearers (`duties/apply_plans`).
What is over (inspections, runs of duties, closed hazards, what was held) names its unit for ever; who succeeded it finds it
there (`Scope.successions`)."""
