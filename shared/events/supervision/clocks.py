"""What supervision publishes about clocks: each step of the ladder, once."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events import topics
from shared.events.base import Event


class ClockStepped(Event):
    """What every step says. `name` is that of the limit (`accept`, `resolve`), `thing` what has it (`work_order`), and
    `unit` the code of who must act.

    `due_at` is where the limit ends, `at` when the step was taken, `version` the clock's version. All times UTC.
    Keyed by the thing: all its clocks keep one order.
    """

    topic: ClassVar[str] = topics.CLOCKS
    key_field: ClassVar[str] = "thing_id"

    clock_id: UUID
    thing: str
    thing_id: UUID
    name: str
    unit: str
    due_at: datetime
    at: datetime
    version: int

    @property
    def concerns(self) -> frozenset[str]:
        return frozenset({self.thing})


class ClockWarned(ClockStepped):
    """80 % of the limit are used: the unit is warned."""

    type: ClassVar[str] = "gridgov.clock.warned.v1"


class ClockReminded(ClockStepped):
    """The limit is over and the unit has not acted: it is reminded (催办)."""

    type: ClassVar[str] = "gridgov.clock.reminded.v1"


EVENTS = (ClockWarned, ClockReminded)
