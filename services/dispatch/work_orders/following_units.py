"""How a work order follows units that dispatch heard of after it was opened: routed by what is known now. Pure."""

from dataclasses import replace
from typing import Any

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import OF_UNITS, Action
from services.dispatch.work_orders.routing import Routing
from services.dispatch.work_orders.work_order import WorkOrder, facts
from shared.change import Change
from shared.events.dispatch.work_orders import WorkOrderMoved
from shared.limits import affected, hand_over


def stays(order: WorkOrder, routing: Routing, context: Context) -> bool:
    """Whether `routing` changes nothing. Nobody loses a work order for another who is not there, and who has ended is
    succeeded (`succession.py`), not replaced."""
    ends = (context.tree.get(code) for code in (order.place.area, order.lead_unit))
    if routing.lead is None or any(unit is not None and not unit.valid_on(context.day) for unit in ends):
        return True
    led = (order.lead_unit, order.function_held) == (routing.lead, routing.function_held)
    return led and order.place.street == context.tree.street_of(order.place.area)


def route_again(order: WorkOrder, routing: Routing, context: Context) -> Change[WorkOrder]:
    """The work order as it would have been opened by the tree of `context`; another lead gets a new limit to accept."""
    street = context.tree.street_of(order.place.area)
    action = Action.CORRECT if routing.lead == order.lead_unit else Action.REROUTE
    step = OF_UNITS.move(order.state, action)
    after = replace(
        order,
        state=step.after,
        place=replace(order.place, street=street),
        lead_unit=routing.lead,
        function_held=routing.function_held,
        routing=routing.why,
        version=order.version + 1,
    )
    after = replace(
        after,
        accept=hand_over(affected(order.accept, step.accept, context.now, context.calendar), after.responsible),
        resolve=hand_over(order.resolve, after.responsible),
    )
    what: dict[str, Any] = {"from": order.state, "to": after.state, "lead_unit": after.lead_unit, "why": routing.why}
    if street != order.place.street:
        what["street"] = [order.place.street, street]
    if after.accept.due_at != order.accept.due_at:
        what["accept_due_at"] = after.accept.due_at
    event = WorkOrderMoved(previous=order.state, **facts(after, action, context.now))
    return Change(after, action, context.by, context.now, what=what, events=(event,))
