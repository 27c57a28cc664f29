"""A limit on a thing: who must act, how long they have, and what happened to that time. Pure.

Who owns a thing (a work order, a hazard, a duty) owns its limits: it changes them here, stores them and tells them whole
in its events. Supervision watches what it is told and computes nothing again. Rules: docs/rules.md §3.3.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from shared.worktime.arithmetic import carried, deadline, point, resumed
from shared.worktime.calendar import Calendar
from shared.worktime.limits import LONGEST, Limit, WallClock

WARN_PERCENT = 80
"""A limit is warned of when so much of it is used, in its own kind of time."""
_ROUNDED: Final = 3600
"""The length of a limit to an instant is told in whole hours: it is for people, `due_at` is what counts."""


class LimitState(StrEnum):
    """Suspended (挂账): time stands still. Fulfilled: the unit acted, in time or late. Stopped: nobody waits any more."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    FULFILLED = "fulfilled"
    STOPPED = "stopped"


_STANDING: Final = (LimitState.SUSPENDED, LimitState.FULFILLED)
"""What may go on with what was left."""


class Light(StrEnum):
    """How near a limit is: `red` past due, `yellow` from its warning on (in its own kind of time), else `green`; `none`
    where no time runs."""

    NONE = "none"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Effect(StrEnum):
    """What an action on a thing does to one of its limits; a lifecycle's table names one per limit."""

    KEEP = "keep"
    RESTART = "restart"
    """A new limit of the same length counts from now."""
    FULFIL = "fulfil"
    STOP = "stop"
    SUSPEND = "suspend"
    RESUME = "resume"
    """Time goes on with what was left when it was suspended, or fulfilled (返工): nobody's check counts against the unit."""
    EXTEND = "extend"
    """What was granted comes on top of what was promised (延期). Of one whose warning was due, or that was overdue, a new run
    begins by it, which is warned and reminded of anew."""
    REMEASURE = "remeasure"
    """What must be done is something else: its length counts from the same start. The same length changes nothing."""
    CONTINUE = "continue"
    """What was fulfilled was not enough, and the day that was named stays: it runs on as if never fulfilled."""


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One limit. Instants are aware, in UTC; `unit` is the code of who must act.

    `suspended_at` is set while suspended, `ended_at` once fulfilled or stopped. `started_at` names this run of the limit:
    a restart begins a new one.
    """

    unit: str
    limit: Limit
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    state: LimitState = LimitState.RUNNING
    suspended_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the unit acted in time; None as long as it has not acted."""
        if self.state is not LimitState.FULFILLED or self.ended_at is None:
            return None
        return self.ended_at <= self.due_at

    @property
    def running(self) -> bool:
        return self.state is LimitState.RUNNING

    @property
    def ended(self) -> bool:
        return self.state in {LimitState.FULFILLED, LimitState.STOPPED}


def start(unit: str, limit: Limit, at: datetime, calendar: Calendar) -> TimeLimit:
    """A limit that counts from `at`. Raises Invalid for an instant without a zone."""
    return TimeLimit(unit, limit, at, point(at, limit, WARN_PERCENT, calendar), deadline(at, limit, calendar))


def start_until(unit: str, due_at: datetime, at: datetime) -> TimeLimit:
    """A limit that counts from `at` to an instant that somebody named; it runs on the wall clock. One that was named too
    late to be kept is over a second after it began."""
    due_at = max(due_at, at + timedelta(seconds=1))
    length = min(due_at - at, LONGEST)
    whole = WallClock(timedelta(seconds=ceil(length.total_seconds() / _ROUNDED) * _ROUNDED))
    return TimeLimit(unit, whole, at, at + (due_at - at) * WARN_PERCENT / 100, due_at)


def extend(current: TimeLimit, more: Limit, calendar: Calendar) -> TimeLimit:
    """`more` time after what was promised (延期); the warning moves to 80 % of the added time."""
    return replace(
        current,
        warn_at=point(current.due_at, more, WARN_PERCENT, calendar),
        due_at=deadline(current.due_at, more, calendar),
    )


def hand_over(current: TimeLimit, unit: str) -> TimeLimit:
    """Another unit must act, within the same limit. One that has ended keeps who it was for."""
    return current if current.ended else replace(current, unit=unit)


def by_calendar(current: TimeLimit, before: Calendar, after: Calendar, now: datetime) -> TimeLimit:
    """`current` as the calendar `after` measures it, where it was measured by `before`: from its start, or, once suspended
    or extended, by what is left. Wall-clock time never moves; what is over or overdue stays, and nobody becomes late by it."""
    over = current.ended or (current.running and current.due_at <= now)
    fresh = start(current.unit, current.limit, current.started_at, after)
    if over or isinstance(current.limit, WallClock) or current.due_at == fresh.due_at:
        return current
    if current.due_at == deadline(current.started_at, current.limit, before):
        moved = replace(current, warn_at=fresh.warn_at, due_at=fresh.due_at)
    else:
        since = current.suspended_at or now
        warn_at = carried(current.warn_at, since, current.limit, before, after)
        moved = replace(current, warn_at=warn_at, due_at=carried(current.due_at, since, current.limit, before, after))
    return current if moved.running and moved.due_at <= now else moved


def light(limits: Iterable[TimeLimit], now: datetime) -> Light:
    """The light of a thing: that of its most urgent running limit."""
    running = [limit for limit in limits if limit.running]
    if any(limit.due_at <= now for limit in running):
        return Light.RED
    if any(limit.warn_at <= now for limit in running):
        return Light.YELLOW
    return Light.GREEN if running else Light.NONE


def affected(
    current: TimeLimit, effect: Effect, at: datetime, calendar: Calendar, more: Limit | None = None
) -> TimeLimit:
    """`current` after an effect; one that does not fit its state changes nothing. `more` is what an extension adds, or the
    length by which it is measured anew."""
    state = current.state
    match effect:
        case Effect.RESTART:
            after = start(current.unit, current.limit, at, calendar)
        case Effect.FULFIL if state is LimitState.RUNNING:
            after = replace(current, state=LimitState.FULFILLED, ended_at=at)
        case Effect.STOP if not current.ended:
            after = replace(current, state=LimitState.STOPPED, suspended_at=None, ended_at=at)
        case Effect.SUSPEND if state is LimitState.RUNNING:
            after = replace(current, state=LimitState.SUSPENDED, suspended_at=at)
        case Effect.RESUME if state in _STANDING and (since := current.suspended_at or current.ended_at) is not None:
            after = replace(
                current,
                state=LimitState.RUNNING,
                suspended_at=None,
                ended_at=None,
                warn_at=resumed(current.warn_at, since, at, current.limit, calendar),
                due_at=resumed(current.due_at, since, at, current.limit, calendar),
            )
        case Effect.EXTEND if more is not None and state is LimitState.RUNNING:
            after = _extended(current, more, at, calendar)
        case Effect.REMEASURE if more is not None and not current.ended:
            after = _measured(affected(current, Effect.RESUME, at, calendar), more, current.suspended_at, at, calendar)
        case Effect.CONTINUE if state is LimitState.FULFILLED:
            after = replace(current, state=LimitState.RUNNING, ended_at=None)
        case _:
            after = current
    return after


def _extended(current: TimeLimit, more: Limit, at: datetime, calendar: Calendar) -> TimeLimit:
    """`extend`; what was to be warned of by `at`, or overdue, and is not overdue then, is a run of its own."""
    after = extend(current, more, calendar)
    if not current.warn_at <= at < after.due_at:
        return after
    return replace(after, started_at=at, warn_at=max(after.warn_at, at))


def _measured(
    current: TimeLimit, length: Limit, suspended_at: datetime | None, at: datetime, calendar: Calendar
) -> TimeLimit:
    """As if it had had this length from its start; what passed of a suspension that ends now is not counted."""
    if length == current.limit:
        return current
    fresh = start(current.unit, length, current.started_at, calendar)
    if suspended_at is None:
        return fresh
    return replace(
        fresh,
        warn_at=resumed(fresh.warn_at, suspended_at, at, length, calendar),
        due_at=resumed(fresh.due_at, suspended_at, at, length, calendar),
    )
