"""The ladder: each step exactly once, oldest first, and nothing once nobody waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.clocks.clock import Clock, Level
from services.supervision.clocks.ladder import (
    LADDER,
    REMINDER,
    WARNING,
    Action,
    Step,
    due_steps,
    next_at,
    take_step,
)
from shared.change import Actor
from shared.errors import Conflict
from shared.events.base import Event
from shared.events.supervision.clocks import ClockReminded, ClockWarned
from shared.limits import LimitState

BY = Actor("watch", "service")
BEGIN = datetime(2026, 11, 23, 2, tzinfo=UTC)
WARN, DUE = BEGIN + timedelta(minutes=48), BEGIN + timedelta(hours=1)
TICK = timedelta(microseconds=1)
CLOCK = Clock(
    id=UUID(int=1),
    thing="work_order",
    thing_id=UUID(int=2),
    name="accept",
    number="GD-1",
    area="A3-09",
    street="A3",
    unit="A3-09",
    limit="1h",
    started_at=BEGIN,
    warn_at=WARN,
    due_at=DUE,
)
WARNED = replace(CLOCK, level=Level.WARNED)
REMINDED = replace(CLOCK, level=Level.REMINDED)


@pytest.mark.parametrize(
    ("clock", "now", "due"),
    [
        (CLOCK, WARN - TICK, ()),
        (CLOCK, WARN, (WARNING,)),
        (CLOCK, DUE - TICK, (WARNING,)),
        (CLOCK, DUE, (WARNING, REMINDER)),
        (WARNED, DUE - TICK, ()),
        (WARNED, DUE, (REMINDER,)),
        (REMINDED, DUE + timedelta(days=100), ()),
    ],
)
def test_a_step_is_due_from_its_instant_until_it_is_taken(clock: Clock, now: datetime, due: tuple[Step, ...]) -> None:
    assert due_steps(clock, now) == due


@pytest.mark.parametrize(("clock", "instant"), [(CLOCK, WARN), (WARNED, DUE), (REMINDED, None)])
def test_a_worker_wakes_at_the_next_step(clock: Clock, instant: datetime | None) -> None:
    assert next_at(clock) == instant


@pytest.mark.parametrize("state", [LimitState.FULFILLED, LimitState.STOPPED, LimitState.SUSPENDED])
@pytest.mark.parametrize("level", Level)
def test_of_a_clock_that_does_not_run_no_step_is_taken(state: LimitState, level: Level) -> None:
    clock = replace(CLOCK, state=state, level=level)
    assert due_steps(clock, DUE) == ()
    assert next_at(clock) is None
    for step in LADDER:
        with pytest.raises(Conflict) as refused:
            take_step(clock, step, DUE, BY)
        assert refused.value.code == "clock_action_not_possible"


def test_after_a_long_absence_all_steps_are_taken_oldest_first() -> None:
    now, clock = DUE + timedelta(days=3), CLOCK
    events: list[Event] = []
    for step in due_steps(clock, now):
        change = take_step(clock, step, now, BY)
        clock = change.after
        events += change.events
    facts: dict[str, Any] = {
        "clock_id": UUID(int=1), "thing": "work_order", "thing_id": UUID(int=2), "name": "accept", "unit": "A3-09",
    }  # fmt: skip
    assert events == [
        ClockWarned(**facts, due_at=DUE, at=now, version=2),
        ClockReminded(**facts, due_at=DUE, at=now, version=3),
    ]
    assert (clock.level, clock.version, due_steps(clock, now)) == (Level.REMINDED, 3, ())


@pytest.mark.parametrize(
    ("clock", "step", "now"),
    [
        (CLOCK, WARNING, WARN - TICK),  # too early
        (WARNED, REMINDER, DUE - TICK),
        (CLOCK, REMINDER, DUE),  # out of turn
        (WARNED, WARNING, DUE),  # a second time
        (REMINDED, REMINDER, DUE),
    ],
)
def test_a_step_is_never_taken_early_twice_or_out_of_turn(clock: Clock, step: Step, now: datetime) -> None:
    with pytest.raises(Conflict) as refused:
        take_step(clock, step, now, BY)
    assert refused.value.code == "clock_step_not_due"


def test_the_ladder_reaches_every_level_in_order_with_an_action_and_an_event_of_its_own() -> None:
    assert [step.reaches for step in LADDER] == list(Level)[1:]
    assert len({step.event for step in LADDER}) == len({step.action for step in LADDER}) == len(LADDER)


def test_events_are_keyed_by_the_thing() -> None:
    (event,) = take_step(CLOCK, WARNING, WARN, BY).events
    assert (event.key, event.topic) == (str(UUID(int=2)), "gridgov.supervision.clocks")


TOLD = st.one_of(st.none(), st.tuples(st.sampled_from(LimitState), st.timedeltas(timedelta(), timedelta(days=1))))


@given(st.lists(st.tuples(st.timedeltas(-timedelta(minutes=10), timedelta(days=2)), TOLD, st.booleans()), max_size=30))
def test_whatever_is_told_each_step_is_taken_at_most_once_in_order_and_none_is_missed(
    story: list[tuple[timedelta, tuple[LimitState, timedelta] | None, bool]],
) -> None:
    """Time jumps (also back), the owner tells any state and moves the end, the worker sleeps through some of it."""
    now, clock = BEGIN, CLOCK
    taken: list[Action] = []
    for jump, told, worker_awake in story:
        now += jump
        if told is not None:
            state, later = told
            clock = replace(clock, state=state, warn_at=WARN + later, due_at=DUE + later)
        if worker_awake:
            wake = next_at(clock)
            steps = due_steps(clock, now)
            assert bool(steps) is (wake is not None and wake <= now)
            for step in steps:
                clock = take_step(clock, step, now, BY).after
                taken.append(step.action)
            if clock.running:
                assert (now >= clock.warn_at) <= (Action.WARN in taken)
                assert (now >= clock.due_at) <= (Action.REMIND in taken)
    assert taken == [Action.WARN, Action.REMIND][: clock.level]
