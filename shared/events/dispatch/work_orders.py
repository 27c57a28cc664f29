"""What dispatch publishes about work orders: that one was opened, and every action on it; limits whole, each time."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events import topics
from shared.events.limits import LimitedEvent, ToldUntil


class SourceTold(BaseModel):
    """What a work order is about: `kind` is `report`, `hazard` or `resolution` (of a meeting)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str
    id: UUID
    number: str


class WorkOrderEvent(LimitedEvent):
    """`action` took the work order to `state`; `limits` has `accept` and `resolve`, after it.

    `lead_unit` is who must act, None while nobody leads: then the limits name the area, whose dispatcher must find one.
    `asked` is what the unit has asked for and nobody has decided: `suspension` or `extension`. `result` is what it says
    was done, once it was resolved, `resolved_by` the subject of who said so, `result_photos` the files at dispatch that
    show it. `hazard_version` is how far the hazard among its sources was followed.
    """

    topic: ClassVar[str] = topics.WORK_ORDERS
    key_field: ClassVar[str] = "work_order_id"
    thing: ClassVar[str] = "work_order"

    work_order_id: UUID
    sources: tuple[SourceTold, ...]
    category: str
    priority: str
    lead_unit: str | None
    action: str
    state: str
    asked: str | None = None
    result: str | None = None
    resolved_by: str | None = None
    hazard_version: int = 0
    result_photos: tuple[UUID, ...] = ()

    @property
    def concerns(self) -> frozenset[str]:
        return frozenset(source.kind for source in self.sources)

    @property
    def report_ids(self) -> tuple[UUID, ...]:
        """The reports among the sources."""
        return tuple(source.id for source in self.sources if source.kind == "report")


class WorkOrderOpened(WorkOrderEvent):
    """A triaged report became the duty of a unit, or of the dispatcher where no rule names one."""

    type: ClassVar[str] = "gridgov.work_order.opened.v1"

    action: str = "open"
    rule: str
    catalogue: str


class WorkOrderMoved(WorkOrderEvent):
    """Somebody acted on it; `previous` is the state before, which may be the same."""

    type: ClassVar[str] = "gridgov.work_order.moved.v1"

    previous: str


class WorkOrdersTold(ToldUntil):
    """Up to which instant dispatch has told everything that happened to work orders."""

    type: ClassVar[str] = "gridgov.work_orders.told.v1"
    topic: ClassVar[str] = topics.WORK_ORDERS
    thing: ClassVar[str] = WorkOrderEvent.thing
    moved_with: ClassVar[str | None] = "hazard"


EVENTS = (WorkOrderOpened, WorkOrderMoved, WorkOrdersTold)
