"""The plan (调整方案) as an aggregate: its steps, its day, and what was decided. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from services.registry.restructuring.errors import (
    RESTRUCTURING_DAY_OUT_OF_RANGE,
    RESTRUCTURING_EMPTY,
    RESTRUCTURING_NOT_YOURS,
    RESTRUCTURING_OWN,
    RESTRUCTURING_TOO_LARGE,
)
from services.registry.restructuring.lifecycle import LIFE, Action, State
from services.registry.restructuring.step import Step
from shared.auth.principal import Principal
from shared.change import Actor, Change
from shared.events.base import Event

MOST: Final = 10_000
"""Units of one plan: a county's."""
AHEAD: Final = timedelta(days=366)
"""How far ahead a plan may be arranged; a later day is a slip of the pen."""
RESTRUCTURING: Final = Actor(id="restructuring", role="service")


@dataclass(frozen=True, slots=True)
class Restructuring:
    """`effective_from` is the local day (Asia/Shanghai) at whose 00:00 it takes effect; today: at once.

    `area` is the lowest unit above all that it concerns, None where only the platform's administrators stand above;
    `concerned` are the units whose keepers must not be passed over. `failure` is why it could not take effect the last
    time; `result` counts what changed and moved. People are subjects, never names.
    """

    id: UUID
    number: str
    state: State
    effective_from: date
    why: str
    steps: tuple[Step, ...]
    area: str | None
    concerned: tuple[str, ...]
    drafted_by: str
    drafted_in: str | None
    drafted_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: str | None = None
    applied_at: datetime | None = None
    failure: Mapping[str, Any] | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1


def check_plan(steps: tuple[Step, ...], day: date, today: date) -> None:
    """Raise Invalid for a plan without steps, with too many units, or for a day that is past or too far ahead."""
    if not steps:
        raise RESTRUCTURING_EMPTY()
    if sum(len(step.units) for step in steps) > MOST:
        raise RESTRUCTURING_TOO_LARGE(most=MOST)
    if not today <= day <= today + AHEAD:
        raise RESTRUCTURING_DAY_OUT_OF_RANGE()


def draft(plan: Restructuring, *, by: Principal) -> Change[Restructuring]:
    """The plan as new."""
    what = {"number": plan.number, "effective_from": plan.effective_from.isoformat(), "steps": len(plan.steps)}
    return Change(plan, Action.DRAFT, by.actor(), plan.drafted_at, why=plan.why, what=what)


def change(
    plan: Restructuring, steps: tuple[Step, ...], day: date, why: str, *, by: Principal, now: datetime
) -> Change[Restructuring]:
    """The draft with other steps, day or reason. Raises Conflict for what is no draft."""
    state = State(LIFE.move(plan.state, Action.CHANGE).after)
    after = replace(
        plan, state=state, steps=steps, effective_from=day, why=why, failure=None, answer=None, version=plan.version + 1
    )
    what = {"effective_from": day.isoformat(), "steps": len(steps)}
    return Change(after, Action.CHANGE, by.actor(), now, why=why, what=what)


def send(
    plan: Restructuring, action: Action, *, area: str | None, concerned: tuple[str, ...], by: Principal, now: datetime
) -> Change[Restructuring]:
    """The draft scheduled, or submitted to who stands above all whom it concerns."""
    after = replace(plan, area=area, concerned=concerned, failure=None, answer=None)
    return _moved(after, action, by.actor(), now, None)


def decide(
    plan: Restructuring, action: Action, *, by: Principal, now: datetime, why: str | None
) -> Change[Restructuring]:
    """Approved or declined. Raises Forbidden for who drafted it, Conflict for what is not submitted."""
    if by.subject == plan.drafted_by:
        raise RESTRUCTURING_OWN()
    after = replace(plan, decided_by=by.subject, decided_at=now, answer=why)
    return _moved(after, action, by.actor(), now, why)


def cancel(plan: Restructuring, *, above: bool, by: Principal, now: datetime, why: str | None) -> Change[Restructuring]:
    """Called off by who drafted it, or who stands above all whom it concerns (`above`). Raises Forbidden, Conflict."""
    if by.subject != plan.drafted_by and not above:
        raise RESTRUCTURING_NOT_YOURS()
    return _moved(plan, Action.CANCEL, by.actor(), now, why)


def applied(
    plan: Restructuring, result: Mapping[str, Any], events: tuple[Event, ...], now: datetime
) -> Change[Restructuring]:
    """Everything in it has happened."""
    after = replace(plan, applied_at=now, result=result)
    return _moved(after, Action.APPLY, RESTRUCTURING, now, None, what=result, events=events)


def failed(plan: Restructuring, failure: Mapping[str, Any], now: datetime) -> Change[Restructuring]:
    """Nothing in it has happened: it is a draft again, with the reason."""
    return _moved(replace(plan, failure=failure), Action.FAIL, RESTRUCTURING, now, None, what=failure)


def _moved(
    plan: Restructuring,
    action: Action,
    by: Actor,
    now: datetime,
    why: str | None,
    *,
    what: Mapping[str, Any] | None = None,
    events: tuple[Event, ...] = (),
) -> Change[Restructuring]:
    state = State(LIFE.move(plan.state, action).after)
    after = replace(plan, state=state, version=plan.version + 1)
    return Change(after, action, by, now, why=why, what=what or {}, events=events)
