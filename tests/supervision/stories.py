"""Lives of work orders as dispatch tells them, event by event, for supervision's tests.

A story says what became of the limits, as dispatch's own table would; what that table says is dispatch's business.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.events.codec import Envelope
from shared.events.dispatch.work_orders import SourceTold, WorkOrderEvent, WorkOrderMoved, WorkOrderOpened
from shared.events.limits import told
from shared.ids import new_id
from shared.limits import Effect, TimeLimit, affected, extend, hand_over, start
from shared.telemetry.context import Trace, continued
from shared.worktime.calendar import china
from shared.worktime.limits import WallClock

CHINA = china()
STREET, AREA, LEAD, OTHER = "A3", "A3-09", "A3-urban", "A3-traffic"
ACCEPT, RESOLVE = timedelta(hours=1), timedelta(hours=24)
NAMES = {"accept": WallClock(ACCEPT), "resolve": WallClock(RESOLVE)}

EFFECTS: dict[str, dict[str, Effect]] = {
    "assign": {"accept": Effect.RESTART},
    "accept": {"accept": Effect.FULFIL},
    "resolve": {"resolve": Effect.FULFIL},
    "rework": {"resolve": Effect.RESUME},
    "return": {"accept": Effect.RESTART},
    "suspend": {"resolve": Effect.SUSPEND},
    "resume": {"resolve": Effect.RESUME},
    "close": {"accept": Effect.STOP, "resolve": Effect.STOP},
}


@dataclass
class Story:
    """One work order. Each step is a minute after the one before and keeps its event in `events`."""

    at: datetime
    lead: str | None = LEAD
    id: UUID = field(default_factory=new_id)
    trace: Trace = field(default_factory=lambda: continued(None, None))
    events: list[Envelope[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.limits = {name: start(self.lead or AREA, length, self.at, CHINA) for name, length in NAMES.items()}
        self._tell(WorkOrderOpened(rule="r", catalogue="1", **self._facts("open")))

    def __call__(self, action: str, *, lead: str | None = None) -> "Story":
        self.at += timedelta(minutes=1)
        if action in ("assign", "return"):
            self.lead = lead or LEAD if action == "assign" else None
            self.limits = {name: hand_over(limit, self.lead or AREA) for name, limit in self.limits.items()}
        for name, effect in EFFECTS.get(action, {}).items():
            self.limits[name] = affected(self.limits[name], effect, self.at, CHINA)
        if action == "extend":
            self.limits["resolve"] = extend(self.limits["resolve"], NAMES["resolve"], CHINA)
        self._tell(WorkOrderMoved(previous="?", **self._facts(action)))
        return self

    @property
    def last(self) -> Envelope[Any]:
        return self.events[-1]

    def limit(self, name: str) -> TimeLimit:
        return self.limits[name]

    def _tell(self, event: WorkOrderEvent) -> None:
        self.events.append(Envelope(new_id(), event, self.trace))

    def _facts(self, action: str) -> dict[str, Any]:
        return {
            "work_order_id": self.id,
            "number": f"GD-{str(self.id)[-6:]}",
            "sources": (SourceTold(kind="report", id=new_id(), number="A3-1"),),
            "category": "c",
            "action": action,
            "state": "?",
            "area": AREA,
            "street": STREET,
            "lead_unit": self.lead,
            "priority": "urgent",
            "limits": {name: told(limit) for name, limit in self.limits.items()},
            "at": self.at,
            "version": len(self.events) + 1,
        }


def life(*actions: str, at: datetime, lead: str | None = LEAD) -> Story:
    """A story of these actions."""
    story = Story(at, lead)
    for action in actions:
        story(action)
    return story
