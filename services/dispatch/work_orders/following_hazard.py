"""How a work order follows its hazard: said to be put right, re-inspected, another deadline. Pure.

The hazard's deadline is the limit to resolve. What the table of OF_HAZARD does not know of a state changes nothing: the
hazard may follow the work order just as well (a unit resolves it here), and then has nothing new to say.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import OF_HAZARD, Action, State
from services.dispatch.work_orders.work_order import Source, SourceKind, WorkOrder, facts
from shared.change import Change
from shared.events.dispatch.work_orders import WorkOrderMoved
from shared.events.limits import LimitTold
from shared.events.registry.hazards import HazardEvent, HazardFound, HazardMoved
from shared.limits import Effect, TimeLimit, affected, hand_over, start_until

_FOLLOWS: Final[Mapping[str, Action]] = {
    "submit": Action.HAZARD_SUBMITTED,
    "fail": Action.HAZARD_FAILED,
    "pass": Action.HAZARD_PASSED,
}
"""Action on the hazard → what it does to its work order. All others matter for the deadline alone."""


def gain_hazard(order: WorkOrder, hazard: HazardFound, context: Context) -> Change[WorkOrder]:
    """The report of `order` was made a hazard: from now on only its re-inspection closes the work order."""
    source = Source(SourceKind.HAZARD, hazard.hazard_id, hazard.number)
    after = replace(order, sources=(*order.sources, source), asked=None, suspended_until=None)
    return _moved(order, after, Action.GAIN_HAZARD, hazard, context)


def follow_hazard(order: WorkOrder, hazard: HazardMoved, context: Context) -> Change[WorkOrder] | None:
    """What the event does to the work order; None where nothing is left to be done."""
    action = _FOLLOWS.get(hazard.action, Action.HAZARD_REDATED)
    if (order.state, action) not in OF_HAZARD.moves:
        return None
    if action is Action.HAZARD_REDATED and _deadline(hazard) in (None, order.resolve.due_at):
        return None
    after = order
    if action is Action.HAZARD_SUBMITTED:
        after = replace(order, result=hazard.result, asked=None)
    elif action is Action.HAZARD_FAILED:
        after = replace(order, reworks=order.reworks + 1)
    elif action is Action.HAZARD_PASSED:
        after = replace(order, closed_at=context.now)
    return _moved(order, after, action, hazard, context)


def _moved(
    order: WorkOrder, after: WorkOrder, action: Action, hazard: HazardEvent, context: Context
) -> Change[WorkOrder]:
    step = OF_HAZARD.move(order.state, action)
    state, accept = step.after, step.accept
    if state is State.IN_PROGRESS and order.lead_unit is None:  # nobody was named before it was said to be put right
        state, accept = State.PENDING, Effect.RESTART
    # Whether a limit was kept is a question of when it happened, not of when dispatch heard of it.
    done_at = min(hazard.at, context.now)
    accept_at = context.now if accept is Effect.RESTART else max(done_at, order.accept.started_at)
    resolve = affected(order.resolve, step.resolve, done_at, context.calendar)
    after = replace(
        after,
        state=state,
        version=order.version + 1,
        hazard_version=hazard.version,
        accept=hand_over(affected(order.accept, accept, accept_at, context.calendar), order.responsible),
        resolve=_dated(resolve, hazard.limits.get("rectify"), order.responsible),
    )
    event = WorkOrderMoved(previous=order.state, **facts(after, action, context.now))
    what: dict[str, Any] = {"from": order.state, "to": state, "hazard": hazard.number, "hazard_version": hazard.version}
    if after.resolve.due_at != order.resolve.due_at:
        what["resolve_due_at"] = after.resolve.due_at
    return Change(after, action, context.by, context.now, what=what, events=(event,))


def _dated(limit: TimeLimit, told: LimitTold | None, unit: str) -> TimeLimit:
    """The limit with the hazard's deadline. One that has ended keeps what it was."""
    if told is None or limit.ended or limit.due_at == told.due_at:
        return limit
    return start_until(unit, told.due_at, told.started_at)


def _deadline(hazard: HazardEvent) -> object:
    told = hazard.limits.get("rectify")
    return told.due_at if told is not None else None
