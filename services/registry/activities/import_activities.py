"""Activities of a table at once: all of it or nothing, and nothing again the second time.

A row is known by its number, or as a form would know it. Reach and rules are those of a form. What was planned and now
has an outcome was held; a table cancels nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from services.registry.activities.activity import (
    Activity,
    ActivityState,
    Outcome,
    Plan,
    known_by,
    plan_activity,
    restate,
)
from services.registry.activities.errors import (
    ACTIVITY_CANCELLED_BY_TABLE,
    ACTIVITY_KNOWN,
    ACTIVITY_NOT_FOUND,
    ACTIVITY_PLACE_UNKNOWN,
)
from services.registry.activities.keep_activity import hold_activity
from services.registry.activities.store import Activities
from services.registry.errors import PREMISES_UNKNOWN
from services.registry.premises.premises import Premises
from services.registry.premises.reading import PremisesReader
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_parts
from shared.worktime.calendar import Calendar

MOST: Final = 50_000
"""Rows of one import: some years of a district."""


@dataclass(frozen=True, slots=True)
class Told:
    """A row, the numbers it names of itself and of its premises ("" for none), and what it states."""

    row: Row
    number: str
    premises: str
    cancelled: bool
    plan: Plan
    outcome: Outcome | None


async def import_activities(
    told: Iterable[Told], caller: Principal, uow: UnitOfWork, calendar: Calendar, *, why: str | None
) -> Taken:
    """Enter and state what the rows say. The unit of work must not be committed where one was refused."""
    return await take_parts(told, _Table(uow, caller, calendar, why), uow, row=lambda one: one.row)


class _Table:
    """What the rows of one import meet: the places of the caller, what is there, and what earlier rows were about."""

    def __init__(self, uow: UnitOfWork, caller: Principal, calendar: Calendar, why: str | None) -> None:
        self._uow, self._caller, self._calendar, self._why = uow, caller, calendar, why
        self._store = Activities.of(uow)
        self._streets: Mapping[str, str] = {}
        self._premises: Mapping[str, Premises] = {}
        self._stored: dict[str, Activity] = {}
        self._numbers: Iterator[str] = iter(())
        self._said: dict[UUID, int] = {}
        self._left: dict[str, int] = {}
        """What earlier rows made to be called otherwise: whether it is free must not depend on the parts."""

    async def meet(self, told: Sequence[Told]) -> None:
        reader = PremisesReader(self._uow, self._caller)
        self._premises = await reader.numbered({one.premises for one in told if one.premises})
        plans = [_placed(one, self._premises) for one in told]
        keys, numbers = {known_by(plan) for plan in plans}, {one.number for one in told if one.number}
        stored = await self._store.known(keys=keys, numbers=numbers)
        self._stored = {name: one for one in stored for name in (one.key, one.number)}
        units = {plan.unit for plan in plans} | {one.plan.unit for one in stored}
        self._streets = await streets_of(self._uow, self._caller, units, local_day(self._uow.now))
        self._numbers = iter(await self._store.new_numbers(len(keys - self._stored.keys())))

    async def take(self, told: Told) -> Done:
        """Enter or state one row. Raises what a form would."""
        if told.premises and told.premises not in self._premises:
            raise PREMISES_UNKNOWN()
        plan, line = _placed(told, self._premises), told.row.line
        key, street = known_by(plan), self._streets.get(plan.unit)
        namesake = self._stored.get(key)
        before = self._stored.get(told.number) if told.number else namesake
        elsewhere = before is not None and before.plan.unit not in self._streets
        if elsewhere or (told.number and before is None):
            # Of a number elsewhere nothing more is said than of one that nobody has.
            raise ACTIVITY_NOT_FOUND(field="number" if told.number else "unit")
        same = before is not None and before.key == key
        if namesake is not None and namesake is not before and not same:
            raise ACTIVITY_KNOWN(data={"number": namesake.number})
        if street is None:
            raise ACTIVITY_PLACE_UNKNOWN()
        if not same and self._left.get(key, line) != line:
            raise ACTIVITY_KNOWN(data={"row": self._left[key]})
        if before is not None and self._said.setdefault(before.id, line) != line:
            raise ACTIVITY_KNOWN(data={"row": self._said[before.id]})
        if told.cancelled:
            return _still_cancelled(before)
        return await self._enter(told, plan, street) if before is None else await self._state(before, told, plan)

    async def _enter(self, told: Told, plan: Plan, street: str) -> Done:
        number = f"{street}-HD{next(self._numbers)}"
        change = plan_activity(
            new_id(), number, street, plan, by=self._caller.actor(), now=self._uow.now, why=self._why
        )  # fmt: skip
        self._store.add(change)
        made = change.after
        if told.outcome is not None:
            made = await hold_activity(made, told.outcome, self._caller, self._uow, self._calendar)
        self._stored[made.key] = made
        self._said[made.id] = told.row.line
        return "entered"

    async def _state(self, before: Activity, told: Told, plan: Plan) -> Done:
        """A planned one is first stated as the row has it, then held where the row says so."""
        held = before.state is ActivityState.HELD
        done: Done = "same"
        outcome = told.outcome if held else None
        if (plan, outcome) != (before.plan, before.outcome):
            street = self._streets[plan.unit]
            change = restate(
                before, street, plan, outcome, by=self._caller.actor(), now=self._uow.now, why=self._why
            )  # fmt: skip
            self._store.put(change)
            if change.after.key != before.key:
                self._left[before.key] = told.row.line
                self._stored[change.after.key] = change.after
            before, done = change.after, "changed"
        if told.outcome is not None and not held:
            await hold_activity(before, told.outcome, self._caller, self._uow, self._calendar)
            done = "changed"
        return done


def _placed(told: Told, premises: Mapping[str, Premises]) -> Plan:
    one = premises.get(told.premises)
    return replace(told.plan, premises_id=one.id, unit=one.about.unit) if one else told.plan


def _still_cancelled(before: Activity | None) -> Done:
    if before is None or before.state is not ActivityState.CANCELLED:
        raise ACTIVITY_CANCELLED_BY_TABLE()
    return "same"
