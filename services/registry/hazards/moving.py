"""How any command moves a hazard: the table says whereto and what happens to the limits, the command the rest. Pure."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final, Protocol

from services.registry.hazards.hazard import Hazard, standing
from services.registry.hazards.lifecycle import LIFE, UNRECTIFIED, Action, Step
from services.registry.hazards.rules import refusal
from shared.change import Actor, Change
from shared.events.limits import told
from shared.events.registry.hazards import FoundBy, HazardMoved
from shared.limits import TimeLimit, affected
from shared.worktime.calendar import Calendar

_NOT_TOLD: Final = frozenset(
    {"why", "result", "photos", "signature", "person", "signed_by", "order_version", "resolved_by"}
)
"""What the trail has elsewhere, or names people."""


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts, when (with the local day), and what working time is. `key`: the client's own name for this act, so that it
    is known again when it is sent twice."""

    by: Actor
    now: datetime
    day: date
    calendar: Calendar
    key: str | None = None


class Command(Protocol):
    """What somebody wants to be done: a frozen dataclass with what it needs. Its docstring is the endpoint's."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    action: ClassVar[Action]

    def apply(self, hazard: Hazard, context: Context) -> Hazard:
        """`hazard` with what the command changes besides state and version; the table's effects on limits are done. Raises Invalid."""
        ...


def moved(hazard: Hazard, command: Command, context: Context, *, at: datetime | None = None) -> Change[Hazard]:
    """`command` done to `hazard`; limits count it from `at` (UTC), where it happened before it was heard of. Raises Conflict
    (not possible as things stand), Invalid and Forbidden. Whether the caller's role and place allow it is asked before."""
    action, now = command.action, context.now
    step = LIFE.move(hazard.state, action)
    if (refused := refusal(hazard, action, context.by)) is not None:
        raise refused
    after = command.apply(with_limits(hazard, step, at or now, context.calendar), context)
    state = standing(after, now) if step.after in UNRECTIFIED else step.after
    after = replace(after, state=state, moved_at=now, version=hazard.version + 1)
    event = HazardMoved(previous=hazard.state, **facts(after, action, now))
    what: dict[str, Any] = {"from": hazard.state, "to": after.state, **_said(command)}
    if context.key is not None:
        what["key"] = context.key
    for name, limit in after.limits.items():
        before = hazard.limits.get(name)
        if before is None or before.due_at != limit.due_at:
            what[f"{name}_due_at"] = limit.due_at
    return Change(after, action, context.by, now, why=getattr(command, "why", None), what=what, events=(event,))


def with_limits(hazard: Hazard, step: Step, at: datetime, calendar: Calendar) -> Hazard:
    """What the step, taken at `at` (UTC), does to the limits that the hazard has."""

    def after(limit: TimeLimit | None, name: str) -> TimeLimit | None:
        return None if limit is None else affected(limit, getattr(step, name), at, calendar)

    return replace(
        hazard,
        rectify=after(hazard.rectify, "rectify"),
        recheck=after(hazard.recheck, "recheck"),
        decide=after(hazard.decide, "listing"),
    )


def facts(hazard: Hazard, action: str, at: datetime) -> dict[str, Any]:
    """What every event about a hazard says."""
    source = hazard.source
    return {
        "hazard_id": hazard.id,
        "number": hazard.number,
        "source": FoundBy(kind=source.kind, id=source.id, number=source.number),
        "premises_id": hazard.premises_id,
        "item": hazard.item,
        "grade": hazard.grade,
        "state": hazard.state,
        "action": action,
        "listing": hazard.listing,
        "result": hazard.result,
        "area": hazard.unit,
        "street": hazard.street,
        "limits": {name: told(limit) for name, limit in hazard.limits.items()},
        "at": at,
        "version": hazard.version,
    }


def _said(command: Command) -> dict[str, object]:
    said = {field.name: getattr(command, field.name) for field in fields(command)}
    return {name: value for name, value in said.items() if value not in (None, (), "") and name not in _NOT_TOLD}
