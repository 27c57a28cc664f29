"""The life of a clock: one table, (state, action) → state. What is not in it is refused, naming what is possible."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from services.supervision.clocks.clock import Clock, State
from shared.change import Actor, Change
from shared.errors import Conflict
from shared.worktime.arithmetic import resumed
from shared.worktime.calendar import Calendar


class Action(StrEnum):
    """What can happen to a clock; also the verb on its trail. Steps of the ladder are actions like the others."""

    WARN = "warn"
    REMIND = "remind"
    MEET = "meet"
    STOP = "stop"
    SUSPEND = "suspend"
    RESUME = "resume"
    REASSIGN = "reassign"
    REWORK = "rework"


MOVES: Mapping[tuple[State, Action], State] = {
    (State.RUNNING, Action.WARN): State.RUNNING,
    (State.RUNNING, Action.REMIND): State.RUNNING,
    (State.RUNNING, Action.MEET): State.MET,
    (State.RUNNING, Action.STOP): State.STOPPED,
    (State.RUNNING, Action.SUSPEND): State.SUSPENDED,
    (State.RUNNING, Action.REASSIGN): State.RUNNING,
    (State.SUSPENDED, Action.RESUME): State.RUNNING,
    (State.SUSPENDED, Action.STOP): State.STOPPED,
    (State.SUSPENDED, Action.REASSIGN): State.SUSPENDED,
    (State.MET, Action.REWORK): State.RUNNING,
}


def move(state: State, action: Action) -> State:
    """The state after `action`. Raises Conflict where the table has no row; `data` lists the actions it has."""
    after = MOVES.get((state, action))
    if after is None:
        possible = [a.value for s, a in MOVES if s is state]
        raise Conflict(
            "clock.action_not_possible",
            f"计时处于“{state}”状态，不能执行“{action}”；可执行：{'、'.join(possible) or '无'}。",
            f"A clock that is {state} cannot {action}; possible: {', '.join(possible) or 'nothing'}.",
            data={"state": state.value, "action": action.value, "possible": possible},
        )
    return after


def meet(clock: Clock, at: datetime, by: Actor) -> Change[Clock]:
    """The unit did at `at` what the clock waited for, in time or late."""
    after = replace(clock, state=move(clock.state, Action.MEET), ended_at=at, version=clock.version + 1)
    return Change(after, Action.MEET, by, at, what={"in_time": after.kept})


def stop(clock: Clock, at: datetime, by: Actor, why: str | None = None) -> Change[Clock]:
    """Nobody waits any more: returned to the dispatcher, cancelled, merged into another."""
    state = move(clock.state, Action.STOP)
    after = replace(clock, state=state, ended_at=at, suspended_at=None, version=clock.version + 1)
    return Change(after, Action.STOP, by, at, why)


def suspend(clock: Clock, at: datetime, by: Actor, why: str | None = None) -> Change[Clock]:
    """Time stands still from `at` (挂账)."""
    after = replace(clock, state=move(clock.state, Action.SUSPEND), suspended_at=at, version=clock.version + 1)
    return Change(after, Action.SUSPEND, by, at, why)


def resume(clock: Clock, at: datetime, by: Actor, calendar: Calendar) -> Change[Clock]:
    """Time goes on from `at` with what was left until warning and due. What had passed before stays passed."""
    state = move(clock.state, Action.RESUME)
    since = clock.suspended_at or at
    warn_at, due_at = (resumed(t, since, at, clock.limit, calendar) for t in (clock.warn_at, clock.due_at))
    after = replace(
        clock,
        state=state,
        suspended_at=None,
        warn_at=warn_at,
        due_at=due_at,
        calendar=calendar.version,
        version=clock.version + 1,
    )
    return Change(after, Action.RESUME, by, at, what={"due_at": [clock.due_at.isoformat(), due_at.isoformat()]})


def reassign(clock: Clock, unit: str, at: datetime, by: Actor) -> Change[Clock]:
    """Another unit must act now, within the same limit: a new lead does not move the resolve limit (domain.md §3.3)."""
    after = replace(clock, state=move(clock.state, Action.REASSIGN), unit=unit, version=clock.version + 1)
    return Change(after, Action.REASSIGN, by, at, what={"unit": [clock.unit, unit]})


def rework(clock: Clock, at: datetime, by: Actor, why: str | None = None) -> Change[Clock]:
    """What was done did not pass the check: the same limit runs on as if never met; steps taken stay taken."""
    after = replace(clock, state=move(clock.state, Action.REWORK), ended_at=None, version=clock.version + 1)
    return Change(after, Action.REWORK, by, at, why)
