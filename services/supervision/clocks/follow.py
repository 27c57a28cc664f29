"""How clocks follow what an owner tells of its limits: one rule for every kind of thing. Pure; computes no instant."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.supervision.clocks.clock import Clock
from shared.change import Actor, Change
from shared.events.limits import LimitedEvent, LimitTold
from shared.limits import LimitState

_OF_THE_THING: Final = ("number", "area", "street")
_OF_THE_LIMIT: Final = ("unit", "limit", "warn_at", "due_at", "state", "suspended_at", "ended_at")


def follow(
    event: LimitedEvent, clocks: Iterable[Clock], *, new_id: Callable[[], UUID], by: Actor
) -> Iterator[Change[Clock]]:
    """The changes that `event` makes to the `clocks` of its thing.

    A limit that has a clock of its name and start: the clock takes over what is told, and keeps its level. One that has
    none gets one. A clock that is told of no more, as when its limit began anew, is stopped: nobody waits for it.
    """
    present = {(clock.name, clock.started_at): clock for clock in clocks}
    told = {(name, limit.started_at): limit for name, limit in event.limits.items()}
    for key, clock in present.items():
        if key not in told and not clock.ended:
            yield _stopped(clock, event.at, by)
    for key, limit in told.items():
        if key not in present:
            yield _started(event, key[0], limit, new_id(), by)
        elif what := _news(present[key], event, limit):
            after = replace(present[key], **_facts(event, limit), version=present[key].version + 1)
            yield Change(after, "follow", by, event.at, what=what)


def _started(event: LimitedEvent, name: str, limit: LimitTold, clock_id: UUID, by: Actor) -> Change[Clock]:
    clock = Clock(
        id=clock_id,
        thing=event.thing,
        thing_id=event.thing_id,
        name=name,
        started_at=limit.started_at,
        **_facts(event, limit),
    )
    what = {"name": name, "unit": limit.unit, "limit": limit.limit, "due_at": limit.due_at.isoformat()}
    return Change(clock, "start", by, event.at, what=what)


def _stopped(clock: Clock, at: datetime, by: Actor) -> Change[Clock]:
    after = replace(clock, state=LimitState.STOPPED, suspended_at=None, ended_at=at, version=clock.version + 1)
    return Change(after, "stop", by, at)


def _facts(event: LimitedEvent, limit: LimitTold) -> dict[str, Any]:
    facts = {name: getattr(event, name) for name in _OF_THE_THING}
    return facts | {name: getattr(limit, name) for name in _OF_THE_LIMIT}


def _news(clock: Clock, event: LimitedEvent, limit: LimitTold) -> dict[str, list[str | None]]:
    """What is told that the clock does not say: from what to what, for the trail."""
    return {
        name: [_text(before), _text(after)]
        for name, after in _facts(event, limit).items()
        if (before := getattr(clock, name)) != after
    }


def _text(value: object) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else None if value is None else str(value)
