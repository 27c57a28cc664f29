"""The ladder of a clock (domain.md §4.1): which step is due when. Each happens exactly once, in the order written here.

A worker asks `next_at` for the instant to wake, then fires what `due_steps` names. Two workers cannot both fire a step:
the clock's level has moved, and the store checks its version.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from services.supervision.clocks.clock import Clock, Level, State
from services.supervision.clocks.lifecycle import Action, move
from shared.change import Actor, Change
from shared.errors import Conflict
from shared.events.supervision.clocks import ClockReminded, ClockStepped, ClockWarned


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: the action that takes it, the level it reaches, the instant it is due, the event that tells of it."""

    action: Action
    reaches: Level
    due_at: Callable[[Clock], datetime]
    event: type[ClockStepped]


WARNING = Step(Action.WARN, Level.WARNED, lambda clock: clock.warn_at, ClockWarned)
REMINDER = Step(Action.REMIND, Level.REMINDED, lambda clock: clock.due_at, ClockReminded)

# The directive (督办, one working day after due) and the listed directive (挂牌督办, three after that) go below the
# reminder: per step one row here, one Level, one Action with its row in lifecycle.MOVES, one event. Their instants
# become fields of Clock, set where due_at is set, because they need the calendar.
LADDER: tuple[Step, ...] = (WARNING, REMINDER)


def due_steps(clock: Clock, now: datetime) -> tuple[Step, ...]:
    """The steps to fire now, oldest first: several when no worker ran for a while, none unless the clock runs."""
    if clock.state is not State.RUNNING:
        return ()
    return tuple(step for step in LADDER[clock.level :] if step.due_at(clock) <= now)


def next_at(clock: Clock) -> datetime | None:
    """The next instant (UTC) at which a step is due, perhaps past already; None when nothing will ever be."""
    if clock.state is not State.RUNNING or clock.level == len(LADDER):
        return None
    return LADDER[clock.level].due_at(clock)


def fire(clock: Clock, step: Step, now: datetime, by: Actor) -> Change[Clock]:
    """Take one step. Raises Conflict when the clock does not run, or the step is not the next one, or not due yet."""
    state = move(clock.state, step.action)
    if step.reaches != clock.level + 1 or now < step.due_at(clock):
        raise Conflict(
            "clock.step_not_due",
            f"计时的“{step.action}”步骤尚未到期或已执行，请按当前状态重新读取后再试。",
            f"The step {step.action} of this clock is not due, or was taken already: read the clock again.",
            data={"step": step.action.value, "level": clock.level.name.lower()},
        )
    after = replace(clock, state=state, level=step.reaches, version=clock.version + 1)
    event = step.event(
        clock_id=after.id,
        work_order_id=after.work_order_id,
        kind=after.kind.value,
        unit=after.unit,
        due_at=after.due_at,
        at=now,
        version=after.version,
    )
    what = {"kind": after.kind.value, "unit": after.unit, "due_at": after.due_at.isoformat()}
    return Change(after, step.action, by, now, what=what, events=(event,))
