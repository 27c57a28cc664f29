"""Who may take a step: role and place as the table says, and what depends on who did what before (docs/rules.md §3.1).

Asked before anything is done, and when a work order is shown: so what is offered as possible is what is let through.
"""

from collections.abc import Callable, Mapping

from services.dispatch.errors import (
    OF_HAZARD_DATED,
    OF_HAZARD_REINSPECTED,
    OWN_REQUEST,
    OWN_WORK,
    SECOND_EXTENSION,
    UNTIL_PAST,
)
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import BY_HAZARD, DATED_BY_HAZARD, Action, Step
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal, Role
from shared.errors import GridGovError
from shared.units.tree import UnitTree

Rule = Callable[[WorkOrder, Context], GridGovError | None]


def competent(caller: Principal, order: WorkOrder, step: Step, tree: UnitTree) -> bool:
    """Whether role and unit of the caller allow the step."""
    if caller.role in step.roles and order.lead_unit is not None and tree.covers(caller.reach, order.lead_unit):
        return True
    return caller.role in step.area_roles and tree.covers(caller.reach, order.place.area)


def refusal(order: WorkOrder, action: Action, context: Context) -> GridGovError | None:
    """Why this person may not do it now, though role and place would allow it."""
    if order.hazard is not None and action in BY_HAZARD:
        return OF_HAZARD_REINSPECTED(hazard=order.hazard.number)
    if order.hazard is not None and action in DATED_BY_HAZARD:
        return OF_HAZARD_DATED(hazard=order.hazard.number)
    found = (rule(order, context) for rule in _RULES.get(action, ()))
    return next((error for error in found if error is not None), None)


def _not_own_work(order: WorkOrder, context: Context) -> GridGovError | None:
    return OWN_WORK() if order.resolved_by == context.by.id else None


def _not_own_request(order: WorkOrder, context: Context) -> GridGovError | None:
    return OWN_REQUEST() if order.asked is not None and order.asked.by == context.by.id else None


def _until_ahead(order: WorkOrder, context: Context) -> GridGovError | None:
    until = order.asked.until if order.asked is not None else None
    return UNTIL_PAST() if until is not None and until <= context.now else None


def _further_by_the_leader(order: WorkOrder, context: Context) -> GridGovError | None:
    by = context.by
    leads = by.role == Role.LEADER and by.unit is not None and context.tree.within(order.place.street, by.unit)
    return SECOND_EXTENSION() if order.extensions and not leads else None


_RULES: Mapping[Action, tuple[Rule, ...]] = {
    Action.VERIFY: (_not_own_work,),
    Action.REWORK: (_not_own_work,),
    Action.GRANT_SUSPENSION: (_not_own_request, _until_ahead),
    Action.GRANT_EXTENSION: (_not_own_request, _further_by_the_leader),
    Action.DECLINE: (_not_own_request,),
}
