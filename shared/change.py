"""A change: the new state of one aggregate together with its trail entry and its events.

Stores accept nothing but a `Change`. So no state can be written without saying who did it, when, why and what, and
no event can be published without the state it tells of: all three land in the same transaction or none does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.events.base import Event

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person (by the subject of the token) or a part of the platform, with the role used and the device."""

    id: str
    role: str
    unit: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """What one action did to one aggregate.

    `after` is the aggregate's new state (it has `id: UUID` and `version: int`, 1 when new); `action` the verb for the
    trail; `at` the instant (UTC); `why` the reason a person gave; `what` the facts that changed, without personal
    data; `events` what the rest of the platform is told.
    """

    after: T
    action: str
    by: Actor
    at: datetime
    why: str | None = None
    what: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
