"""Lives of work orders as dispatch tells them, event by event, for supervision's tests."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.events.codec import Envelope
from shared.events.dispatch.work_orders import WorkOrderEvent, WorkOrderMoved, WorkOrderOpened
from shared.ids import new_id
from shared.telemetry.context import Trace, continued

AREA, LEAD, OTHER = "A3-09", "A3-urban", "A3-traffic"
ACCEPT, RESOLVE = timedelta(hours=1), timedelta(hours=24)

STATES = {
    "assign": "assigned", "accept": "accepted", "start": "in_progress", "resolve": "resolved", "verify": "verified",
    "rework": "in_progress", "close": "closed", "return": "pending",
}  # fmt: skip


@dataclass
class Story:
    """One work order. Each step is a minute after the one before and keeps its event in `events`."""

    at: datetime
    lead: str | None = LEAD
    area: str = AREA
    id: UUID = field(default_factory=new_id)
    trace: Trace = field(default_factory=lambda: continued(None, None))
    events: list[Envelope[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._state = "assigned" if self.lead else "pending"
        self._opened_at = self._accept_from = self.at
        facts = self._facts("open")
        self._tell(WorkOrderOpened(category="c", rule="r", catalogue="1", **facts))

    def __call__(self, action: str, *, lead: str | None = None) -> "Story":
        self.at += timedelta(minutes=1)
        previous, self._state = self._state, STATES.get(action, self._state)
        if action == "assign":
            self.lead, self._accept_from = lead or LEAD, self.at
        if action == "return":
            self.lead = None
        self._tell(WorkOrderMoved(previous=previous, **self._facts(action)))
        return self

    @property
    def last(self) -> Envelope[Any]:
        return self.events[-1]

    def _tell(self, event: WorkOrderEvent) -> None:
        self.events.append(Envelope(new_id(), event, self.trace))

    def _facts(self, action: str) -> dict[str, Any]:
        return {
            "work_order_id": self.id,
            "number": f"GD-{str(self.id)[-6:]}",
            "report_id": new_id(),
            "action": action,
            "state": self._state,
            "area": self.area,
            "lead_unit": self.lead,
            "priority": "urgent",
            "accept_limit": "1h",
            "accept_from": self._accept_from,
            "accept_due_at": self._accept_from + ACCEPT,
            "resolve_limit": "24h",
            "resolve_from": self._opened_at,
            "resolve_due_at": self._opened_at + RESOLVE,
            "at": self.at,
            "version": len(self.events) + 1,
        }
