"""What dispatch's API takes and gives. Times are RFC 3339 in UTC."""

from dataclasses import MISSING, fields
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, create_model

from services.dispatch.work_orders.lifecycle import Action, State
from services.dispatch.work_orders.moving import Command
from services.dispatch.work_orders.work_order import Place, Request, Source, WorkOrder
from shared.events.limits import LimitTold, told
from shared.http.types import Code, Id, Instant, LongText, MediumText, QueryModel, ShortText, StrictModel
from shared.limits import Light, light

_WORDS: dict[str, Any] = {
    "lead_unit": Code,
    "suggested_unit": Code,
    "why": MediumText,
    "result": LongText,
    "until": Instant,
    "more": Annotated[str, Field(pattern=r"^[1-9][0-9]{0,4}(m|h|wm|wh|wd)$", examples=["3wd"])],
}
"""The fields of all commands: one word means one thing, in every body."""


def body_of(command: type[Command]) -> type[StrictModel]:
    """The body of a command's endpoint: exactly what it needs. Raises KeyError for a word that is not among `_WORDS`."""
    parts: dict[str, Any] = {
        field.name: (_WORDS[field.name], ...)
        if field.default is MISSING
        else (_WORDS[field.name] | None, field.default)
        for field in fields(command)
    }
    return create_model(f"{command.__name__}Body", __base__=StrictModel, __doc__=command.__doc__, **parts)


class WorkOrderOut(BaseModel):
    """A work order as its lead unit and the dispatcher see it.

    `limits` has `accept` and `resolve`; `due_at` and `light` are of the most urgent that runs. `possible` names the
    actions of its state. `asked` waits for a decision.
    """

    id: UUID
    number: str
    sources: tuple[Source, ...]
    title: str
    text: str
    category: str
    place: Place
    lead_unit: str | None
    state: State
    priority: str
    tier: str
    rule: str
    catalogue: str
    routing: str
    condition: str | None
    closing_condition: str | None
    limits: dict[str, LimitTold]
    due_at: datetime | None
    light: Light
    asked: Request | None
    suspended_until: datetime | None
    extensions: int
    reported_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    result: str | None
    resolved_by: str | None
    returns: int
    returned_why: str | None
    suggested_unit: str | None
    reworks: int
    version: int
    possible: tuple[Action, ...]


_AS_IT_IS = WorkOrderOut.model_fields.keys() - {"limits", "light"}


def shown(order: WorkOrder, now: datetime) -> WorkOrderOut:
    return WorkOrderOut(
        **{name: getattr(order, name) for name in _AS_IT_IS},
        limits={name: told(limit) for name, limit in order.limits.items()},
        light=light(order.limits.values(), now),
    )


class WorkOrderPage(BaseModel):
    """`next` is the cursor of the following page, null at the end."""

    items: list[WorkOrderOut]
    next: str | None = None


class InboxCounts(BaseModel):
    """How many work orders of a unit are in each state, and how many of them are past due."""

    unit: str
    by_state: dict[str, int]
    overdue: int


class CountsQuery(QueryModel):
    """`unit` defaults to the caller's own; `below` includes the units under it; `asked` picks those where a request
    waits for a decision, or where none does."""

    unit: Code | None = None
    below: bool = False
    state: State | None = None
    asked: bool | None = None


class _Paged(QueryModel):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str, Field(max_length=400, pattern=r"^[A-Za-z0-9_=-]+$")] | None = None


class InboxQuery(CountsQuery, _Paged):
    """The same, page by page."""


class ListQuery(_Paged):
    """Work orders by report, number (whole, or the last six digits) or area; at least one must be given."""

    report_id: Annotated[list[Id], Field(default_factory=list, max_length=90)]
    number: ShortText | None = None
    area: Code | None = None
