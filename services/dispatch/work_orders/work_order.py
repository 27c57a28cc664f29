"""The work order (工单): the duty of one lead unit to act on a report, and every move through its life.

Pure. Two limits run: to accept, counted from each assignment, and to resolve, counted once from the opening; returning
or reassigning gives a new accept limit and keeps the resolve limit, and nothing else moves a clock (domain.md §3.3).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.dispatch.work_orders.lifecycle import Action, Effect, State, transition
from services.dispatch.work_orders.routing import Routing
from shared.change import Actor, Change
from shared.errors import Forbidden, Invalid
from shared.events.dispatch.work_orders import WorkOrderMoved, WorkOrderOpened
from shared.events.intake.reports import ReportTriaged
from shared.worktime.arithmetic import deadline
from shared.worktime.calendar import Calendar
from shared.worktime.limits import Limit


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """One work order and where it stands. `version` counts its changes and equals the length of its trail."""

    id: UUID
    number: str
    report_id: UUID
    report_number: str
    title: str
    text: str
    category: str
    area: str
    lead_unit: str | None
    state: State
    priority: str
    tier: str
    rule: str
    catalogue: str
    routing: str
    accept_limit: Limit
    accept_from: datetime
    accept_due_at: datetime
    resolve_limit: Limit
    resolve_from: datetime
    resolve_due_at: datetime
    reported_at: datetime
    opened_at: datetime
    version: int
    result: str | None = None
    resolved_by: str | None = None
    returns: int = 0
    reworks: int = 0
    closed_at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """What is due next: accepting while nobody has, then resolving; None when nothing is."""
        match self.state:
            case State.PENDING | State.ASSIGNED:
                return min(self.accept_due_at, self.resolve_due_at)
            case State.ACCEPTED | State.IN_PROGRESS:
                return self.resolve_due_at
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks to be done: the action, and what it needs (`lead_unit` for assign, `why` for return and
    rework, `result` for resolve)."""

    action: Action
    lead_unit: str | None = None
    why: str | None = None
    result: str | None = None


def open_for(
    report: ReportTriaged, routing: Routing, *, id: UUID, by: Actor, now: datetime, calendar: Calendar
) -> Change[WorkOrder]:
    """The one work order of a report: assigned at once where a rule names the lead, else pending."""
    rule = routing.rule
    order = WorkOrder(
        id=id,
        number=f"GD-{report.number}",
        report_id=report.report_id,
        report_number=report.number,
        title=report.title,
        text=report.text,
        category=report.category,
        area=report.unit,
        lead_unit=routing.lead,
        state=State.ASSIGNED if routing.lead else State.PENDING,
        priority=rule.priority,
        tier=rule.tier,
        rule=rule.id,
        catalogue=routing.catalogue,
        routing=routing.why,
        accept_limit=rule.accept,
        accept_from=now,
        accept_due_at=deadline(now, rule.accept, calendar),
        resolve_limit=rule.resolve,
        resolve_from=now,
        resolve_due_at=deadline(now, rule.resolve, calendar),
        reported_at=report.submitted_at,
        opened_at=now,
        version=1,
    )
    event = WorkOrderOpened(category=order.category, rule=order.rule, catalogue=order.catalogue, **_facts(order, now))
    what = {
        "number": order.number,
        "report": report.number,
        "lead_unit": routing.lead,
        "why": routing.why,
        "alternatives": list(routing.alternatives),
        "accept_due_at": order.accept_due_at,
        "resolve_due_at": order.resolve_due_at,
    }
    return Change(order, Action.OPEN, by, now, what=what, events=(event,))


def act(order: WorkOrder, wanted: Order, *, by: Actor, now: datetime, calendar: Calendar) -> Change[WorkOrder]:
    """`wanted` done to `order`. Raises Conflict (not possible in this state), Invalid (something is missing) and
    Forbidden (verifying one's own work). Whether the caller may at all is asked before, by `handlers/act`."""
    action = wanted.action
    row = transition(order.state, action)
    _require(wanted)
    if action is Action.VERIFY and order.resolved_by == by.id:
        raise Forbidden(
            "own_work",
            "核查人不能是办结人，请由其他人员现场核查。",
            "Who resolved a work order cannot verify it; somebody else must check on the spot.",
        )
    after = replace(order, state=row.after, version=order.version + 1)
    match action:
        case Action.ASSIGN:
            after = replace(after, lead_unit=wanted.lead_unit)
        case Action.RETURN:
            after = replace(after, lead_unit=None, returns=order.returns + 1)
        case Action.RESOLVE:
            after = replace(after, result=wanted.result, resolved_by=by.id)
        case Action.REWORK:
            after = replace(after, reworks=order.reworks + 1)
        case Action.CLOSE:
            after = replace(after, closed_at=now)
        case _:
            pass
    if row.accept is Effect.RESTART:
        after = replace(after, accept_from=now, accept_due_at=deadline(now, order.accept_limit, calendar))
    event = WorkOrderMoved(previous=order.state, **{**_facts(after, now), "action": action})
    what = {"from": order.state, "to": after.state, "lead_unit": after.lead_unit}
    if action is Action.RETURN:
        what["suggested"] = wanted.lead_unit
    return Change(after, action, by, now, why=wanted.why, what=what, events=(event,))


_NEEDS = {
    Action.ASSIGN: ("lead_unit", "请指明牵头单位。", "Name the lead unit."),
    Action.RETURN: ("why", "退单须说明理由。", "Give the reason for returning it."),
    Action.REWORK: ("why", "核查不通过须说明理由。", "Say what the check found wanting."),
    Action.RESOLVE: ("result", "办结须填写办理结果。", "Say what was done."),
}


def _require(wanted: Order) -> None:
    field, zh, en = _NEEDS.get(wanted.action, ("", "", ""))
    if field and not getattr(wanted, field):
        raise Invalid(f"{field}_required", zh, en, field=field)


def _facts(order: WorkOrder, now: datetime) -> dict[str, object]:
    return {
        "work_order_id": order.id,
        "number": order.number,
        "report_id": order.report_id,
        "state": order.state,
        "area": order.area,
        "lead_unit": order.lead_unit,
        "priority": order.priority,
        "accept_limit": str(order.accept_limit),
        "accept_from": order.accept_from,
        "accept_due_at": order.accept_due_at,
        "resolve_limit": str(order.resolve_limit),
        "resolve_from": order.resolve_from,
        "resolve_due_at": order.resolve_due_at,
        "at": now,
        "version": order.version,
    }
