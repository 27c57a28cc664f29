"""What dispatch's API takes and gives. Times are RFC 3339 in UTC."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.dispatch.work_orders.lifecycle import State, possible
from services.dispatch.work_orders.work_order import WorkOrder
from shared.http.types import Code, Id, LongText, MediumText, QueryModel, StrictModel


class ActionBody(StrictModel):
    """What an action needs: `lead_unit` for assign (and, with return, who should have it), `why` for return and
    rework, `result` for resolve. The others need nothing."""

    lead_unit: Code | None = None
    why: MediumText | None = None
    result: LongText | None = None


class Light(StrEnum):
    """How near the next limit is: `red` past due, `yellow` in its last fifth, `green` otherwise, `none` when nothing
    is due."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NONE = "none"


class WorkOrderOut(BaseModel):
    """A work order as its lead unit and the dispatcher see it. `possible` names the actions of its state."""

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
    accept_limit: str
    accept_due_at: datetime
    resolve_limit: str
    resolve_due_at: datetime
    due_at: datetime | None
    light: Light
    reported_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    result: str | None
    resolved_by: str | None
    returns: int
    reworks: int
    version: int
    possible: list[str]


class WorkOrderPage(BaseModel):
    """`next` is the cursor of the following page, null at the end."""

    items: list[WorkOrderOut]
    next: str | None = None


class InboxCounts(BaseModel):
    """How many work orders of a unit are in each state, and how many of them are past due."""

    unit: str
    by_state: dict[str, int]
    overdue: int


class InboxQuery(QueryModel):
    """`unit` defaults to the caller's own; `below` includes the units under it."""

    unit: Code | None = None
    state: State | None = None
    below: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_=-]+$")] | None = None


class ListQuery(QueryModel):
    """Work orders by report, number or area; at least one must be given."""

    report_id: Annotated[list[Id], Field(default_factory=list, max_length=90)]
    number: Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9-]+$")] | None = None
    area: Code | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


def shown(order: WorkOrder, now: datetime) -> WorkOrderOut:
    return WorkOrderOut(
        id=order.id,
        number=order.number,
        report_id=order.report_id,
        report_number=order.report_number,
        title=order.title,
        text=order.text,
        category=order.category,
        area=order.area,
        lead_unit=order.lead_unit,
        state=order.state,
        priority=order.priority,
        tier=order.tier,
        rule=order.rule,
        catalogue=order.catalogue,
        routing=order.routing,
        accept_limit=str(order.accept_limit),
        accept_due_at=order.accept_due_at,
        resolve_limit=str(order.resolve_limit),
        resolve_due_at=order.resolve_due_at,
        due_at=order.due_at,
        light=light(order, now),
        reported_at=order.reported_at,
        opened_at=order.opened_at,
        closed_at=order.closed_at,
        result=order.result,
        resolved_by=order.resolved_by,
        returns=order.returns,
        reworks=order.reworks,
        version=order.version,
        possible=[str(action) for action in possible(order.state)],
    )


def light(order: WorkOrder, now: datetime) -> Light:
    """By the wall clock between the limit's start and its end; the warnings of supervision count working time."""
    due = order.due_at
    if due is None:
        return Light.NONE
    if now >= due:
        return Light.RED
    start = order.accept_from if due == order.accept_due_at else order.resolve_from
    return Light.YELLOW if now >= start + (due - start) * 0.8 else Light.GREEN
