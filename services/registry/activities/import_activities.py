"""Activities of a table at once: all of it or nothing, and nothing again the second time.

A row is known by its number, or as a form would know it. Reach and rules are those of a form. What was planned and now
has an outcome was held; a table cancels nothing.
"""

from collections.abc import Mapping, Sequence
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
    ACTIVITY_PREMISES_UNKNOWN,
)
from services.registry.activities.keep_activity import hold_activity
from services.registry.activities.store import Activities
from services.registry.premises.premises import Premises
from services.registry.premises.reading import PremisesReader
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_each
from shared.worktime.calendar import Calendar

MOST: Final = 20_000
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
    told: Sequence[Told], caller: Principal, uow: UnitOfWork, calendar: Calendar, *, why: str | None
) -> Taken:
    """Enter and state what the rows say. The unit of work must not be committed where one was refused."""
    table, following = await _Table.of(told, caller, uow, calendar, why), iter(told)
    return await take_each((one.row for one in told), lambda _: table.take(next(following)))


class _Table:
    """What the rows of one import meet: the places of the caller, what is there, and what earlier rows were about."""

    def __init__(
        self,
        uow: UnitOfWork,
        caller: Principal,
        calendar: Calendar,
        why: str | None,
        *,
        streets: Mapping[str, str],
        premises: Mapping[str, Premises],
        numbers: Sequence[str],
    ) -> None:
        self._uow, self._caller, self._calendar, self._why = uow, caller, calendar, why
        self._streets, self._premises = streets, premises
        self._numbers = iter(numbers)
        self._stored: dict[str, Activity] = {}
        self._said: dict[UUID, int] = {}

    @classmethod
    async def of(
        cls, rows: Sequence[Told], caller: Principal, uow: UnitOfWork, calendar: Calendar, why: str | None
    ) -> "_Table":
        premises = await PremisesReader(uow, caller).numbered({told.premises for told in rows if told.premises})
        store, day = Activities.of(uow), local_day(uow.now)
        plans = [_placed(told, premises) for told in rows]
        stored = await store.known(
            keys={known_by(plan) for plan in plans}, numbers={told.number for told in rows if told.number}
        )
        units = {plan.unit for plan in plans} | {one.plan.unit for one in stored}
        streets = await streets_of(uow, caller, units, day)
        table = cls(
            uow, caller, calendar, why, streets=streets, premises=premises, numbers=await store.new_numbers(len(rows))
        )  # fmt: skip
        table._stored = {name: one for one in stored for name in (one.key, one.number)}
        return table

    async def take(self, told: Told) -> Done:
        """Enter or state one row. Raises what a form would."""
        if told.premises and told.premises not in self._premises:
            raise ACTIVITY_PREMISES_UNKNOWN()
        plan = _placed(told, self._premises)
        street = self._streets.get(plan.unit)
        namesake = self._stored.get(known_by(plan))
        before = self._stored.get(told.number) if told.number else namesake
        if told.number and before is None:
            raise ACTIVITY_NOT_FOUND(field="number")
        if before is not None and before.plan.unit not in self._streets:
            raise ACTIVITY_NOT_FOUND(field="unit")
        same = before is not None and known_by(before.plan) == known_by(plan)
        if namesake is not None and namesake is not before and not same:
            raise ACTIVITY_KNOWN(data={"number": namesake.number})
        if street is None:
            raise ACTIVITY_PLACE_UNKNOWN()
        if before is not None and self._said.setdefault(before.id, told.row.line) != told.row.line:
            raise ACTIVITY_KNOWN(data={"row": self._said[before.id]})
        if told.cancelled:
            return _still_cancelled(before)
        return await self._enter(told, plan, street) if before is None else await self._state(before, told, plan)

    async def _enter(self, told: Told, plan: Plan, street: str) -> Done:
        number = f"{street}-HD{next(self._numbers)}"
        change = plan_activity(
            new_id(), number, street, plan, by=self._caller.actor(), now=self._uow.now, why=self._why
        )  # fmt: skip
        Activities.of(self._uow).add(change)
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
            Activities.of(self._uow).put(change)
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
