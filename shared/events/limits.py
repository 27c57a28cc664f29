"""How an event tells the limits of a thing: whole, as its owner computed them, under their names (`accept`, `resolve`);
and how an owner says that nothing is left to be told (docs/decisions/0015-limits-and-watermarks.md)."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.bus.layout import MARK
from shared.events.base import Event
from shared.limits import LimitState, TimeLimit


class LimitTold(BaseModel):
    """One `shared.limits.TimeLimit`; `limit` in the compact form of shared/worktime (`4wh`, `5wd`). Instants are UTC."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    unit: str
    limit: str
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    state: LimitState
    suspended_at: datetime | None = None
    ended_at: datetime | None = None


class LimitedEvent(Event):
    """An event about a thing that has limits. `thing` says of what kind; every such event carries all limits as they are
    after it, so that the newest alone is enough. `area` is where it happened, `street` the street that lies in."""

    thing: ClassVar[str]

    number: str
    area: str
    street: str
    limits: dict[str, LimitTold]
    at: datetime
    version: int

    @property
    def thing_id(self) -> UUID:
        found: UUID = getattr(self, self.key_field)
        return found


class ToldUntil(Event):
    """Each event of the topic about what happened before `until` lies before this one, in its partition.

    The relay of a service that owns limits sends it to every one of `partitions`, every `mark_seconds` of its bus. Who escalates
    looks no further than `until`: whoever acted later may not have been heard of yet. `own` is the same of what happened at
    the owner alone. It may be later: where an act on another's thing moves this one too, `until` is not after the `own`
    that was heard of that other.
    """

    remembered: ClassVar[bool] = False
    thing: ClassVar[str]
    moved_with: ClassVar[str | None] = None
    """The kind of thing, of another owner, whose moves these follow (a hazard and its work order)."""

    partition: int
    partitions: int
    own: datetime
    until: datetime

    @property
    def key(self) -> str:
        return MARK


def told(limit: TimeLimit) -> LimitTold:
    return LimitTold(
        unit=limit.unit,
        limit=str(limit.limit),
        started_at=limit.started_at,
        warn_at=limit.warn_at,
        due_at=limit.due_at,
        state=limit.state,
        suspended_at=limit.suspended_at,
        ended_at=limit.ended_at,
    )
