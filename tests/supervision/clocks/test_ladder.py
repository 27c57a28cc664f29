"""The ladder: each step exactly once, oldest first, and nothing once nobody waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.clocks.clock import Clock, Kind, Level, State, start
from services.supervision.clocks.ladder import LADDER, REMINDER, WARNING, Step, due_steps, fire, next_at
from services.supervision.clocks.lifecycle import MOVES, Action, meet, reassign, resume, rework, stop, suspend
from shared.change import Actor
from shared.errors import Conflict
from shared.events.base import Event
from shared.events.supervision.clocks import ClockReminded, ClockWarned
from shared.worktime.calendar import china
from shared.worktime.limits import parse_limit

CHINA = china()
BY = Actor("supervision", "system")
BEGIN = datetime(2026, 11, 23, 2, tzinfo=UTC)
WARN, DUE = BEGIN + timedelta(minutes=48), BEGIN + timedelta(hours=1)
TICK = timedelta(microseconds=1)
CLOCK = start(
    clock_id=UUID(int=1),
    work_order_id=UUID(int=2),
    kind=Kind.ACCEPT,
    unit="A3-09",
    limit=parse_limit("1h"),
    started_at=BEGIN,
    due_at=DUE,
    at=BEGIN,
    by=BY,
    calendar=CHINA,
).after
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


@pytest.mark.parametrize(
    "clock",
    [
        replace(CLOCK, state=State.MET, ended_at=BEGIN),
        replace(CLOCK, state=State.STOPPED, ended_at=BEGIN),
        replace(CLOCK, state=State.SUSPENDED, suspended_at=BEGIN),
    ],
)
@pytest.mark.parametrize("level", Level)
def test_a_clock_that_does_not_run_fires_nothing(clock: Clock, level: Level) -> None:
    clock = replace(clock, level=level)
    assert due_steps(clock, DUE) == ()
    assert next_at(clock) is None
    for step in LADDER:
        with pytest.raises(Conflict):
            fire(clock, step, DUE, BY)


def test_after_a_long_absence_all_steps_fire_oldest_first() -> None:
    now, clock = DUE + timedelta(days=3), CLOCK
    events: list[Event] = []
    for step in due_steps(clock, now):
        change = fire(clock, step, now, BY)
        clock = change.after
        events += change.events
    facts: dict[str, Any] = {"clock_id": UUID(int=1), "work_order_id": UUID(int=2), "kind": "accept", "unit": "A3-09"}
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
        fire(clock, step, now, BY)
    assert refused.value.code == "clock.step_not_due"


def test_the_ladder_reaches_every_level_in_order_with_an_action_and_an_event_of_its_own() -> None:
    assert [step.reaches for step in LADDER] == list(Level)[1:]
    assert all((State.RUNNING, step.action) in MOVES for step in LADDER)
    assert len({step.event for step in LADDER}) == len({step.action for step in LADDER}) == len(LADDER)


def test_events_are_keyed_by_the_work_order() -> None:
    (event,) = fire(CLOCK, WARNING, WARN, BY).events
    assert (event.key, event.topic, event.type) == (
        str(UUID(int=2)),
        "gridgov.supervision.clocks",
        "gridgov.clock.warned.v1",
    )
    assert ClockReminded.type == "gridgov.clock.reminded.v1"


DEEDS = st.sampled_from([Action.MEET, Action.STOP, Action.SUSPEND, Action.RESUME, Action.REASSIGN, Action.REWORK, None])


@given(
    st.sampled_from(["30m", "4h", "4wh", "2wd"]),
    st.lists(st.tuples(st.timedeltas(-timedelta(minutes=10), timedelta(days=2)), DEEDS, st.booleans()), max_size=30),
)
def test_whatever_happens_each_step_fires_at_most_once_in_order_and_none_is_missed(
    limit: str, story: list[tuple[timedelta, Action | None, bool]]
) -> None:
    """Time jumps (also back), actions come in any order, the worker sleeps through some of it."""
    now = BEGIN
    clock = replace(CLOCK, limit=parse_limit(limit))
    fired: list[Action] = []
    for jump, deed, worker_awake in story:
        now += jump
        if deed is not None and (clock.state, deed) in MOVES:
            clock = {
                Action.MEET: lambda c=clock, t=now: meet(c, t, BY),
                Action.STOP: lambda c=clock, t=now: stop(c, t, BY),
                Action.SUSPEND: lambda c=clock, t=now: suspend(c, t, BY),
                Action.RESUME: lambda c=clock, t=now: resume(c, t, BY, CHINA),
                Action.REASSIGN: lambda c=clock, t=now: reassign(c, "A3-11", t, BY),
                Action.REWORK: lambda c=clock, t=now: rework(c, t, BY),
            }[deed]().after
        if worker_awake:
            wake = next_at(clock)
            steps = due_steps(clock, now)
            assert bool(steps) is (wake is not None and wake <= now)
            for step in steps:
                clock = fire(clock, step, now, BY).after
                fired.append(step.action)
            if clock.state is State.RUNNING:
                assert (now >= clock.warn_at) <= (Action.WARN in fired)
                assert (now >= clock.due_at) <= (Action.REMIND in fired)
    assert fired == [Action.WARN, Action.REMIND][: clock.level]
