"""What dispatch publishes about work orders: that one was opened, and every move through its lifecycle."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events import topics
from shared.events.base import Event


class WorkOrderEvent(Event):
    """What both events say. Limits are in the compact form of `shared/worktime` (`4wh`, `5wd`, `24h`).

    `accept_from` and `resolve_from` are the instants from which the limits count; `*_due_at` where they end. All UTC.
    `action` took it to `state`; `area` is the unit where it happened, `lead_unit` who must act (None while pending).
    """

    topic: ClassVar[str] = topics.WORK_ORDERS
    key_field: ClassVar[str] = "work_order_id"

    work_order_id: UUID
    number: str
    report_id: UUID
    action: str
    state: str
    area: str
    lead_unit: str | None
    priority: str
    accept_limit: str
    accept_from: datetime
    accept_due_at: datetime
    resolve_limit: str
    resolve_from: datetime
    resolve_due_at: datetime
    at: datetime
    version: int


class WorkOrderOpened(WorkOrderEvent):
    """A triaged report became the duty of a unit, or of the dispatcher where no rule names one."""

    type: ClassVar[str] = "gridgov.work_order.opened.v1"

    action: str = "open"
    category: str
    rule: str
    catalogue: str


class WorkOrderMoved(WorkOrderEvent):
    """An action took the work order from `previous` to `state`."""

    type: ClassVar[str] = "gridgov.work_order.moved.v1"

    previous: str


EVENTS = (WorkOrderOpened, WorkOrderMoved)
