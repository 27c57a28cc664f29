"""The ladder of a clock (docs/rules.md §4.1): which step is due when. Each happens exactly once, in the order written here.

A worker asks `next_at` for the instant to wake, then takes what `due_steps` names. Two workers cannot both take a step:
the clock's level has moved, and the store checks its version.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.supervision.clocks.clock import Clock, Level
from services.supervision.errors import CLOCK_STEP_NOT_DUE
from shared.change import Actor, Change
from shared.events.supervision.clocks import ClockReminded, ClockStepped, ClockWarned
from shared.lifecycle import Lifecycle, Move
from shared.limits import LimitState


class Action(StrEnum):
    """What supervision does to a clock; also the verb on its trail. All else it is told."""

    WARN = "warn"
    REMIND = "remind"


_MOVES: Mapping[tuple[LimitState, Action], Move] = {
    (LimitState.RUNNING, Action.WARN): Move(LimitState.RUNNING),
    (LimitState.RUNNING, Action.REMIND): Move(LimitState.RUNNING),
}
LIFE = Lifecycle("clock", "计时", "clock", _MOVES)


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
# reminder: per step one row here, one Level, one Action with its row in LIFE, one event. Their instants need the
# calendar: fields of the limit, which its owner tells, or of the clock.
LADDER: tuple[Step, ...] = (WARNING, REMINDER)


def due_steps(clock: Clock, until: datetime) -> tuple[Step, ...]:
    """The steps to take that are due by `until`, oldest first: several when no worker ran for a while."""
    if not clock.running:
        return ()
    return tuple(step for step in LADDER[clock.level :] if step.due_at(clock) <= until)


def next_step(clock: Clock) -> Step | None:
    """What comes next; None when nothing will ever be."""
    if not clock.running or clock.level == len(LADDER):
        return None
    return LADDER[clock.level]


def next_at(clock: Clock) -> datetime | None:
    """The next instant (UTC) at which a step is due, perhaps past already; None when nothing will ever be."""
    step = next_step(clock)
    return step.due_at(clock) if step else None


def take_step(clock: Clock, step: Step, now: datetime, by: Actor) -> Change[Clock]:
    """Take one step. Raises Conflict when the clock does not run, or the step is not the next one, or not due yet."""
    LIFE.move(clock.state, step.action)
    if step.reaches != clock.level + 1 or now < step.due_at(clock):
        raise CLOCK_STEP_NOT_DUE(step=step.action, data={"step": step.action.value, "level": clock.level.name.lower()})
    after = clock.reaching(step.reaches)
    event = step.event(
        clock_id=after.id,
        thing=after.thing,
        thing_id=after.thing_id,
        name=after.name,
        unit=after.unit,
        due_at=after.due_at,
        at=now,
        version=after.version,
    )
    what = {"name": after.name, "unit": after.unit, "due_at": step.due_at(clock).isoformat()}
    return Change(after, step.action, by, now, what=what, events=(event,))
