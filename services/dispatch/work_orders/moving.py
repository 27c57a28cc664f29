"""How any command moves a work order: the table says whereto and what happens to the limits, the command the rest."""

from dataclasses import fields, replace
from typing import Any, ClassVar, Protocol

from services.dispatch.errors import NOTHING_ASKED, REQUEST_OPEN
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import LIFE, OPEN_REQUEST, Action, Step
from services.dispatch.work_orders.rules import refusal
from services.dispatch.work_orders.work_order import WorkOrder, facts
from shared.change import Change
from shared.events.dispatch.work_orders import WorkOrderMoved
from shared.limits import Effect, TimeLimit, affected, hand_over
from shared.worktime.limits import parse_limit


class Command(Protocol):
    """What somebody wants to be done: a frozen dataclass with what it needs. Its docstring is the endpoint's."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    action: ClassVar[Action]

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        """`order` with what the command changes besides state, limits and version. Raises Invalid and Forbidden."""
        ...


def moved(order: WorkOrder, command: Command, context: Context) -> Change[WorkOrder]:
    """`command` done to `order`. Raises Conflict (not possible as things stand), Invalid and Forbidden. Whether the
    caller's role and place allow it is asked before (`rules.competent`)."""
    action, now = command.action, context.now
    step = LIFE.move(order.state, action)
    if not order.fits(action):
        raise (REQUEST_OPEN if None in OPEN_REQUEST[action] else NOTHING_ASKED)()
    if (refused := refusal(order, action, context)) is not None:
        raise refused
    after = replace(command.apply(order, context), state=step.after, version=order.version + 1)
    limits = {name: hand_over(limit, after.responsible) for name, limit in limits_after(order, step, context).items()}
    after = replace(after, accept=limits["accept"], resolve=limits["resolve"])
    event = WorkOrderMoved(previous=order.state, **facts(after, action, now))
    what = {"from": order.state, "to": after.state, "lead_unit": after.lead_unit, **_said(command)}
    if not after.function_held:
        what["function_not_held"] = after.function
    for name, now_limit in after.limits.items():
        if now_limit.due_at != order.limits[name].due_at:
            what[f"{name}_due_at"] = now_limit.due_at
    return Change(after, action, context.by, now, why=getattr(command, "why", None), what=what, events=(event,))


def limits_after(order: WorkOrder, step: Step, context: Context) -> dict[str, TimeLimit]:
    """What the step does to the limits; they still name who had to act before it."""
    more = parse_limit(order.asked.more) if order.asked and order.asked.more else None

    def after(limit: TimeLimit, effect: Effect) -> TimeLimit:
        return affected(limit, effect, context.now, context.calendar, more)

    return {"accept": after(order.accept, step.accept), "resolve": after(order.resolve, step.resolve)}


def _said(command: Command) -> dict[str, object]:
    """What the command said, for the trail. The reason stands there by itself; a result may name people."""
    said = {field.name: getattr(command, field.name) for field in fields(command)}
    return {name: value for name, value in said.items() if value not in (None, ()) and name not in ("why", "result")}
