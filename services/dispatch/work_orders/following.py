"""How a work order follows its report: corrected after triage, or opened again by who reported it. Pure.

A report that is corrected while work is open is routed anew by the catalogue, with a reason for everything on the trail.
Where the same unit leads by the same rule, work goes on as it was; what is closed stays as it is.
"""

from dataclasses import replace
from typing import Any

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import OF_REPORT, Action, State, Step
from services.dispatch.work_orders.routing import Routing
from services.dispatch.work_orders.work_order import WorkOrder, facts
from shared.change import Change
from shared.events.dispatch.work_orders import WorkOrderMoved
from shared.events.intake.reports import ReportCorrected, ReportReopened
from shared.limits import affected, hand_over

_DONE = frozenset({State.RESOLVED, State.VERIFIED})


def follow_correction(
    order: WorkOrder, report: ReportCorrected, routing: Routing, context: Context
) -> Change[WorkOrder]:
    """What the correction does to the work order that the report opened; `routing` is that of the corrected report."""
    action = _action(order, routing)
    street = context.tree.street_of(report.unit)
    place = replace(order.place, area=report.unit, street=street)
    after = order if order.state is State.CLOSED else replace(order, place=place, category=report.category)
    what: dict[str, Any] = {
        "area": [order.place.area, report.unit],
        "category": [order.category, report.category],
        "corrected_by": report.by,
    }
    if action in (Action.REROUTE, Action.RECALL):
        rule = routing.rule
        after = replace(
            after,
            lead_unit=routing.lead,
            priority=rule.priority,
            tier=rule.tier,
            rule=rule.id,
            catalogue=routing.catalogue,
            routing=routing.why,
            function=rule.function,
            function_held=True,
            check_photo=rule.check_photo,
            condition=rule.condition,
            closing_condition=rule.closing_condition,
            accept=replace(order.accept, limit=rule.accept),
            suggested_unit=None,
            asked=None,
            suspended_until=None,
            exception_until=None,
        )
        what |= {"routing": routing.why, "alternatives": list(routing.alternatives)}
    return _moved(order, after, action, report.version, report.why, what, context, routing)


def reopened(order: WorkOrder, report: ReportReopened, context: Context) -> Change[WorkOrder]:
    """The reporter is not content: the same unit must act again, with new limits. Raises Conflict unless it is closed."""
    after = replace(order, closed_at=None, resolved_by=None, reopened=order.reopened + 1, reopened_why=report.why)
    what = {"reopened": after.reopened}
    return _moved(order, after, Action.REOPEN, report.version, report.why, what, context)


def _action(order: WorkOrder, routing: Routing) -> Action:
    same = order.lead_unit == routing.lead and (order.rule, order.catalogue) == (routing.rule.id, routing.catalogue)
    if same or order.state in _DONE or order.state is State.CLOSED:
        return Action.CORRECT
    return Action.REROUTE if routing.lead else Action.RECALL


def _moved(
    order: WorkOrder,
    after: WorkOrder,
    action: Action,
    source_version: int,
    why: str,
    what: dict[str, Any],
    context: Context,
    routing: Routing | None = None,
) -> Change[WorkOrder]:
    step = OF_REPORT.move(order.state, action)
    after = replace(after, state=step.after, version=order.version + 1, source_version=source_version)
    after = _with_limits(after, step, context, routing)
    event = WorkOrderMoved(previous=order.state, **facts(after, action, context.now))
    what = {"from": order.state, "to": after.state, "lead_unit": after.lead_unit, **what}
    for name, limit in after.limits.items():
        if limit.due_at != order.limits[name].due_at:
            what[f"{name}_due_at"] = limit.due_at
    return Change(after, action, context.by, context.now, why=why, what=what, events=(event,))


def _with_limits(after: WorkOrder, step: Step, context: Context, routing: Routing | None) -> WorkOrder:
    resolve = routing.rule.resolve if routing else None
    accept = affected(after.accept, step.accept, context.now, context.calendar)
    limit = affected(after.resolve, step.resolve, context.now, context.calendar, resolve)
    return replace(after, accept=hand_over(accept, after.responsible), resolve=hand_over(limit, after.responsible))
