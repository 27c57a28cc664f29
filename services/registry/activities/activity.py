"""One activity (培训, 宣传, 演练): what is planned, whether it was held, and what came of it. Pure.

The same is not entered twice: it is known by the place where it was planned, kind, local day and title; a cancelled one
leaves them free. Where units were merged, what each had planned stays apart.
What has counted for a duty (kind, place, time) does not change any more once it was held.
"""

import unicodedata
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.registry.activities.errors import (
    ACTIVITY_ENDS_FIRST,
    ACTIVITY_HELD_FIXED,
    ACTIVITY_HELD_PART,
    ACTIVITY_NOT_YET,
    ACTIVITY_PLACE_UNKNOWN,
    ACTIVITY_TARGET,
    ACTIVITY_TIME,
)
from services.registry.activities.kinds import ActivityKind, Target
from shared.auth.principal import Role
from shared.change import Actor, Change
from shared.clock import local_day
from shared.events.registry.activities import ActivityHeld
from shared.lifecycle import Lifecycle, Move
from shared.units.passing import Succession


class ActivityState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class ActivityAction(StrEnum):
    PLAN = "plan"
    RESTATE = "restate"
    HOLD = "hold"
    CANCEL = "cancel"


_KEEPERS: Final = frozenset({Role.GRID_WORKER, Role.DEPARTMENT_HANDLER, Role.LEADER, Role.ADMIN, Role.SAFETY_MANAGER})
LIFE: Final[Lifecycle[ActivityState, ActivityAction, Move]] = Lifecycle(
    "activity",
    "活动",
    "activity",
    {
        (ActivityState.PLANNED, ActivityAction.RESTATE): Move(ActivityState.PLANNED, _KEEPERS),
        (ActivityState.PLANNED, ActivityAction.HOLD): Move(ActivityState.HELD, _KEEPERS),
        (ActivityState.PLANNED, ActivityAction.CANCEL): Move(ActivityState.CANCELLED, _KEEPERS),
        (ActivityState.HELD, ActivityAction.RESTATE): Move(ActivityState.HELD, _KEEPERS),
    },
)

AHEAD: Final = timedelta(days=731)
"""How far ahead an activity may be planned; a later day is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`unit` is the place in a street where it is, or that of the premises it is for; instants are UTC. `target` is set
    for publicity and for nothing else; `details` has what the kind alone has, by the names of its fields."""

    kind: ActivityKind
    unit: str
    premises_id: UUID | None
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    content: str
    organiser: str
    target: Target | None
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: how many people it reached, which departments took part, and the results of its kind."""

    people: int
    departments: tuple[str, ...]
    results: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Activity:
    """`number` is its own for ever, `street` the street it lies in. `planned_in` is the unit that it was planned in, which
    a restructuring leaves. `outcome` is there once it was held."""

    id: UUID
    number: str
    street: str
    state: ActivityState
    plan: Plan
    outcome: Outcome | None
    planned_in: str
    version: int

    @property
    def key(self) -> str:
        return (
            str(self.id)
            if self.state is ActivityState.CANCELLED
            else known_by(replace(self.plan, unit=self.planned_in))
        )


_FIXED: Final = ("kind", "unit", "premises_id", "starts_at")
_NAMED: Final = frozenset({"details", "organiser", "content"})
"""They may name people: the trail says only that they changed."""


def known_by(plan: Plan) -> str:
    """By what the same activity is recognised, however its title is typed."""
    title = "".join(unicodedata.normalize("NFKC", plan.title).casefold().split())
    where = plan.premises_id or plan.unit
    return "|".join((str(where), plan.kind, local_day(plan.starts_at).isoformat(), title))


def plan_activity(
    id: UUID, number: str, street: str | None, plan: Plan, *, by: Actor, now: datetime, why: str | None
) -> Change[Activity]:
    """A new one. Raises Invalid; `street` is None where `plan.unit` is no place of the caller's."""
    street = _checked(plan, street, now)
    made = Activity(id, number, street, ActivityState.PLANNED, plan, None, plan.unit, 1)
    return Change(made, ActivityAction.PLAN, by, now, why, {"number": number, "kind": plan.kind, "unit": plan.unit})


def restate(
    before: Activity,
    street: str | None,
    plan: Plan,
    outcome: Outcome | None,
    *,
    by: Actor,
    now: datetime,
    why: str | None,
) -> Change[Activity]:
    """`before` with all that is stated now. Raises Conflict for a cancelled one, Invalid."""
    state = ActivityState(LIFE.move(before.state, ActivityAction.RESTATE).after)
    street = _checked(plan, street, now)
    if (outcome is None) is (before.state is ActivityState.HELD):
        raise ACTIVITY_HELD_PART()
    changed = [one.name for one in fields(Plan) if getattr(before.plan, one.name) != getattr(plan, one.name)]
    if before.state is ActivityState.HELD and (fixed := [name for name in changed if name in _FIXED]):
        raise ACTIVITY_HELD_FIXED(field=fixed[0])
    what: dict[str, Any] = {name: True if name in _NAMED else getattr(plan, name) for name in changed}
    if outcome != before.outcome:
        what["outcome"] = True
    planned_in = before.planned_in if plan.unit == before.plan.unit else plan.unit
    after = replace(
        before, street=street, state=state, plan=plan, outcome=outcome, planned_in=planned_in, version=before.version + 1
    )  # fmt: skip
    return Change(after, ActivityAction.RESTATE, by, now, why, what)


def hold(before: Activity, outcome: Outcome, *, by: Actor, now: datetime, why: str | None) -> Change[Activity]:
    """It was held. Raises Conflict unless it is planned, Invalid before its time."""
    state = ActivityState(LIFE.move(before.state, ActivityAction.HOLD).after)
    if before.plan.starts_at > now:
        raise ACTIVITY_NOT_YET()
    after = replace(before, state=state, outcome=outcome, version=before.version + 1)
    plan = before.plan
    event = ActivityHeld(
        activity_id=after.id, number=after.number, kind=plan.kind, unit=plan.unit, street=after.street,
        premises_id=plan.premises_id, target=plan.target, people=outcome.people, starts_at=plan.starts_at, at=now,
        version=after.version,
    )  # fmt: skip
    return Change(after, ActivityAction.HOLD, by, now, why, {"people": outcome.people}, (event,))


def cancel(before: Activity, *, by: Actor, now: datetime, why: str) -> Change[Activity]:
    """It will not be held. Raises Conflict unless it is planned."""
    state = ActivityState(LIFE.move(before.state, ActivityAction.CANCEL).after)
    return Change(replace(before, state=state, version=before.version + 1), ActivityAction.CANCEL, by, now, why)


def succeed(before: Activity, succession: Succession, *, by: Actor, now: datetime) -> Change[Activity]:
    """`before`, which its unit's successor holds."""
    plan = replace(before.plan, unit=succession.successor)
    after = replace(before, street=succession.street, plan=plan, version=before.version + 1)
    return Change(after, "succeed", by, now, what=succession.trail())


def _checked(plan: Plan, street: str | None, now: datetime) -> str:
    """The street. Raises Invalid for what cannot be true of a plan by itself."""
    if street is None:
        raise ACTIVITY_PLACE_UNKNOWN()
    if (plan.target is None) is (plan.kind is ActivityKind.PUBLICITY):
        raise ACTIVITY_TARGET()
    if plan.starts_at > now + AHEAD:
        raise ACTIVITY_TIME()
    if plan.ends_at is not None and plan.ends_at <= plan.starts_at:
        raise ACTIVITY_ENDS_FIRST()
    return street
