"""How any command moves a work order: the table says whereto and what happens to the limits, the command the rest."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, ClassVar, Protocol

from services.dispatch.errors import NOTHING_ASKED, REQUEST_OPEN
from services.dispatch.work_orders.lifecycle import LIFE, OPEN_REQUEST, Action, Step
from services.dispatch.work_orders.work_order import WorkOrder, facts
from shared.auth.principal import Principal
from shared.change import Actor, Change
from shared.events.dispatch.work_orders import WorkOrderMoved
from shared.limits import Effect, TimeLimit, affected, hand_over
from shared.units.tree import UnitTree
from shared.worktime.calendar import Calendar
from shared.worktime.limits import parse_limit


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts, when (with the local day), and the reference data that rules ask."""

    by: Actor
    now: datetime
    day: date
    tree: UnitTree
    calendar: Calendar


class Command(Protocol):
    """What somebody wants to be done: a frozen dataclass with what it needs. Its docstring is the endpoint's."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    action: ClassVar[Action]

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        """`order` with what the command changes besides state, limits and version. Raises Invalid and Forbidden."""
        ...


def competent(caller: Principal, order: WorkOrder, step: Step, tree: UnitTree) -> bool:
    """Whether role and unit of the caller allow the step."""
    if caller.role in step.roles and order.lead_unit is not None and tree.covers(caller.reach, order.lead_unit):
        return True
    return caller.role in step.area_roles and tree.covers(caller.reach, order.place.area)


def moved(order: WorkOrder, command: Command, context: Context) -> Change[WorkOrder]:
    """`command` done to `order`. Raises Conflict (not possible as things stand), Invalid and Forbidden. Whether the
    caller may at all is asked before (`competent`)."""
    action, now = command.action, context.now
    step = LIFE.move(order.state, action)
    if not order.fits(action):
        raise (REQUEST_OPEN if None in OPEN_REQUEST[action] else NOTHING_ASKED)()
    after = replace(command.apply(order, context), state=step.after, version=order.version + 1)

    def limit(current: TimeLimit, effect: Effect) -> TimeLimit:
        more = parse_limit(order.asked.more) if order.asked and order.asked.more else None
        return hand_over(affected(current, effect, now, context.calendar, more), after.responsible)

    after = replace(after, accept=limit(order.accept, step.accept), resolve=limit(order.resolve, step.resolve))
    event = WorkOrderMoved(previous=order.state, **facts(after, action, now))
    what = {"from": order.state, "to": after.state, "lead_unit": after.lead_unit, **_said(command)}
    for name, now_limit in after.limits.items():
        if now_limit.due_at != order.limits[name].due_at:
            what[f"{name}_due_at"] = now_limit.due_at
    return Change(after, action, context.by, now, why=getattr(command, "why", None), what=what, events=(event,))


def _said(command: Command) -> dict[str, object]:
    """What the command said, for the trail. The reason stands there by itself; a result may name people."""
    said = {field.name: getattr(command, field.name) for field in fields(command)}
    return {name: value for name, value in said.items() if value is not None and name not in ("why", "result")}
