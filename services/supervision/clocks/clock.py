"""A clock: one limit of one thing as its owner told it, running towards the instant at which somebody must be told.

Supervision adds nothing to the limit but the level, which moves only through `ladder.py`. What must stay true: a step
once taken is never taken back, and the instants of the steps are in order.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntEnum
from operator import attrgetter
from uuid import UUID

from shared.limits import Light, LimitState


class Level(IntEnum):
    """How many steps of the ladder have been taken."""

    NONE = 0
    WARNED = 1
    REMINDED = 2


@dataclass(frozen=True, slots=True)
class Clock:
    """One run of the limit `name` (`accept`, `resolve`) of the `thing` (`work_order`) with the id `thing_id`.

    `unit` is the code of who must act, `limit` the length in compact form (`4wh`), `area` where it happened and `street`
    where that lies. All instants are aware, in UTC. Thing, name and `started_at` together are no other clock's.
    """

    id: UUID
    thing: str
    thing_id: UUID
    name: str
    number: str
    area: str
    street: str
    unit: str
    limit: str
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    state: LimitState = LimitState.RUNNING
    suspended_at: datetime | None = None
    ended_at: datetime | None = None
    level: Level = Level.NONE
    version: int = 1

    def __post_init__(self) -> None:
        if self.warn_at > self.due_at:
            raise ValueError("a clock warns before it is due")

    @property
    def running(self) -> bool:
        return self.state is LimitState.RUNNING

    @property
    def ended(self) -> bool:
        return self.state in {LimitState.FULFILLED, LimitState.STOPPED}

    @property
    def kept(self) -> bool | None:
        """Whether the unit acted in time; None as long as it has not acted."""
        if self.state is not LimitState.FULFILLED or self.ended_at is None:
            return None
        return self.ended_at <= self.due_at

    def light(self, now: datetime) -> Light:
        """How near it is: as `shared.limits.light` says it of the same limit."""
        if not self.running:
            return Light.NONE
        if self.due_at <= now:
            return Light.RED
        return Light.YELLOW if self.warn_at <= now else Light.GREEN

    def reaching(self, level: Level) -> "Clock":
        """The clock once it has come to `level`. By position: `replace` costs twice as much, and thousands come at once."""
        values = (*_TOLD(self), level, self.version + 1)
        return Clock(*values)


_TOLD = attrgetter(*(field.name for field in fields(Clock)[:-2]))
"""All but level and version, in the order of the constructor."""
