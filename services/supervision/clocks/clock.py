"""A clock: one limit of one work order, running towards the instant at which somebody must be told.

It moves only through `lifecycle.py`, its level only through `ladder.py`. What must stay true: a step once taken is
never taken back, and the instants of the steps are in order.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from shared.change import Actor, Change
from shared.worktime.arithmetic import point
from shared.worktime.calendar import Calendar
from shared.worktime.limits import Limit

WARN_PERCENT = 80


class Kind(StrEnum):
    """What the unit must do before the clock is due."""

    ACCEPT = "accept"
    RESOLVE = "resolve"


class State(StrEnum):
    """Suspended (挂账): time stands still. Met: the unit acted, in time or late. Stopped: nobody waits any more."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    MET = "met"
    STOPPED = "stopped"


class Level(IntEnum):
    """How many steps of the ladder have been taken."""

    NONE = 0
    WARNED = 1
    REMINDED = 2


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit of one work order. All instants are aware, in UTC.

    `unit` is the code of the lead unit, or of the area while none leads; `calendar` the version of the calendar by
    which the instants were computed; `suspended_at` is set while suspended, `ended_at` once met or stopped.
    """

    id: UUID
    work_order_id: UUID
    kind: Kind
    unit: str
    limit: Limit
    calendar: str
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    state: State = State.RUNNING
    level: Level = Level.NONE
    suspended_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if not self.started_at <= self.warn_at <= self.due_at:
            raise ValueError("a clock starts, warns and is due in this order")
        if (self.suspended_at is not None) is not (self.state is State.SUSPENDED):
            raise ValueError("suspended_at belongs to a suspended clock and to no other")
        if (self.ended_at is not None) is not (self.state in ENDED):
            raise ValueError("ended_at belongs to a clock that was met or stopped and to no other")

    @property
    def kept(self) -> bool | None:
        """Whether the unit acted in time; None as long as it has not acted."""
        if self.state is not State.MET or self.ended_at is None:
            return None
        return self.ended_at <= self.due_at


ENDED = frozenset({State.MET, State.STOPPED})


def start(
    *,
    clock_id: UUID,
    work_order_id: UUID,
    kind: Kind,
    unit: str,
    limit: Limit,
    started_at: datetime,
    due_at: datetime,
    at: datetime,
    by: Actor,
    calendar: Calendar,
) -> Change[Clock]:
    """A new running clock. `due_at` is what dispatch promised and stands, whatever calendar supervision has by now.

    Raises Invalid for instants without a zone, ValueError when it is due before it starts.
    """
    warn_at = min(point(started_at, limit, WARN_PERCENT, calendar), due_at)
    clock = Clock(clock_id, work_order_id, kind, unit, limit, calendar.version, started_at, warn_at, due_at)
    what = {"kind": kind.value, "unit": unit, "limit": str(limit), "due_at": due_at.isoformat()}
    return Change(clock, "start", by, at, what=what)
