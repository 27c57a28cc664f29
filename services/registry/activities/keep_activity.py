"""A person plans an activity, states it anew, says that it was held or cancels it, within the own part of the tree."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.registry.activities.activity import (
    Activity,
    ActivityState,
    Outcome,
    Plan,
    cancel,
    hold,
    known_by,
    plan_activity,
    restate,
)
from services.registry.activities.errors import (
    ACTIVITY_KNOWN,
    ACTIVITY_NOT_OF_PLACE,
)
from services.registry.activities.kinds import ActivityKind
from services.registry.activities.reading import ActivityReader
from services.registry.activities.store import Activities
from services.registry.duties.count_for import Done, Thing, count_for
from services.registry.duties.kinds import Act
from services.registry.premises.reading import PremisesReader
from services.registry.schema import files
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal, Role
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.files.attach import attach
from shared.files.table import Thing as Attached
from shared.ids import new_id
from shared.worktime.calendar import Calendar


async def plan_new(plan: Plan, caller: Principal, uow: UnitOfWork, *, why: str | None) -> Activity:
    """The new activity. Raises Conflict, naming its number, when it is there already; Invalid, Forbidden."""
    plan, street = await _placed(plan, caller, uow)
    store = Activities.of(uow)
    await _refuse_known(store, plan)
    [serial] = await store.new_numbers(1)
    number = f"{street}-HD{serial}"
    change = plan_activity(new_id(), number, street, plan, by=caller.actor(), now=uow.now, why=why)
    store.add(change)
    return change.after


async def restate_activity(
    id: UUID, version: int, plan: Plan, outcome: Outcome | None, caller: Principal, uow: UnitOfWork, *, why: str | None
) -> Activity:
    """The activity with what is stated now. Raises NotFound, Conflict, Forbidden and Invalid."""
    before = await seen(id, version, caller, uow)
    same = plan.premises_id is not None and plan.premises_id == before.plan.premises_id
    placed: tuple[Plan, str | None]
    if same and before.state is ActivityState.HELD:
        _require_kept(plan, caller)
        placed = replace(plan, unit=before.plan.unit), before.street  # where the premises lay then
    else:
        placed = await _placed(plan, caller, uow)
    plan, street = placed
    if (plan, outcome) == (before.plan, before.outcome):
        return before
    store = Activities.of(uow)
    if known_by(plan) != known_by(before.plan):
        await _refuse_known(store, plan, but=id)
    change = restate(before, street, plan, outcome, by=caller.actor(), now=uow.now, why=why)
    store.put(change)
    return change.after


async def hold_activity(
    before: Activity, outcome: Outcome, caller: Principal, uow: UnitOfWork, calendar: Calendar
) -> Activity:
    """It was held, and counts for the duties that it counts for. Raises Conflict and Invalid."""
    change = hold(before, outcome, by=caller.actor(), now=uow.now, why=None)
    Activities.of(uow).put(change)
    held, plan = change.after, change.after.plan
    thing = Thing(Activities.kind, held.id, held.number)
    # What the place did itself is no unit's work.
    unit = None if caller.role is Role.SAFETY_MANAGER else plan.unit
    done = Done(Act(plan.kind), unit, plan.premises_id, plan.starts_at, thing)
    await count_for(uow, done, by=caller.actor(), calendar=calendar)
    return held


async def cancel_activity(id: UUID, version: int, caller: Principal, uow: UnitOfWork, *, why: str) -> Activity:
    """The activity, which will not be held. Raises NotFound and Conflict."""
    change = cancel(await seen(id, version, caller, uow), by=caller.actor(), now=uow.now, why=why)
    Activities.of(uow).put(change)
    return change.after


async def show(photos: Sequence[UUID], activity: Activity, caller: Principal, uow: UnitOfWork) -> None:
    """Attach photos, which stay the activity's for ever. Raises as `attach` does."""
    await attach(uow, files, photos, Attached(Activities.kind, activity.id, Activities.kind), caller.subject)


async def seen(id: UUID, version: int, caller: Principal, uow: UnitOfWork) -> Activity:
    """The activity as the caller read it. Raises NotFound, Forbidden, Conflict."""
    found = await ActivityReader(uow, caller).one(id)
    _require_kept(found.activity.plan, caller)
    require_version(version, found.activity.version)
    return found.activity


async def _placed(plan: Plan, caller: Principal, uow: UnitOfWork) -> tuple[Plan, str | None]:
    """The plan with the unit of its premises, where it names any; and the street that it lies in."""
    _require_kept(plan, caller)
    if plan.premises_id is None:
        streets = await streets_of(uow, caller, [plan.unit], local_day(uow.now))
        return plan, streets.get(plan.unit)
    premises = await PremisesReader(uow, caller).named(plan.premises_id, "premises")
    return replace(plan, unit=premises.about.unit), premises.street


async def _refuse_known(store: Activities, plan: Plan, *, but: UUID | None = None) -> None:
    for one in await store.known(keys=[known_by(plan)]):
        if one.id != but:
            raise ACTIVITY_KNOWN(data={"number": one.number})


def _require_kept(plan: Plan, caller: Principal) -> None:
    """A safety manager keeps trainings and drills of the own premises; publicity goes to others."""
    if caller.role is not Role.SAFETY_MANAGER:
        return
    if plan.premises_id is None or plan.kind is ActivityKind.PUBLICITY:
        raise ACTIVITY_NOT_OF_PLACE()
