"""A clock's life: every state × action has its decision here, and what each action does to the instants."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.supervision.clocks import ladder
from services.supervision.clocks.clock import Clock, Kind, Level, State, start
from services.supervision.clocks.lifecycle import Action, meet, move, reassign, resume, rework, stop, suspend
from shared.change import Actor, Change
from shared.clock import LOCAL
from shared.errors import Conflict
from shared.worktime.calendar import china
from shared.worktime.limits import parse_limit

CHINA = china()
BY = Actor("u-7", "dispatcher")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def started(limit: str = "5wd", begin: str = "2026-11-23 10:00", due: str = "2026-11-30 10:00") -> Change[Clock]:
    return start(
        clock_id=UUID(int=1),
        work_order_id=UUID(int=2),
        kind=Kind.RESOLVE,
        unit="A3-09",
        limit=parse_limit(limit),
        started_at=at(begin),
        due_at=at(due),
        at=at(begin),
        by=BY,
        calendar=CHINA,
    )


CLOCK = started().after
NOW = at("2026-11-25 10:00")
IN_STATE = {
    State.RUNNING: CLOCK,
    State.SUSPENDED: replace(CLOCK, state=State.SUSPENDED, suspended_at=NOW),
    State.MET: replace(CLOCK, state=State.MET, ended_at=NOW),
    State.STOPPED: replace(CLOCK, state=State.STOPPED, ended_at=NOW),
}
DECISIONS = {
    #                 warn     remind   meet  stop      suspend      resume     reassign     rework
    State.RUNNING: ("running", "running", "met", "stopped", "suspended", None, "running", None),
    State.SUSPENDED: (None, None, None, "stopped", None, "running", "suspended", None),
    State.MET: (None, None, None, None, None, None, None, "running"),
    State.STOPPED: (None, None, None, None, None, None, None, None),
}
DO: dict[Action, Callable[[Clock], Change[Clock]]] = {
    Action.WARN: lambda clock: ladder.fire(clock, ladder.WARNING, at("2026-12-01 10:00"), BY),
    Action.REMIND: lambda clock: ladder.fire(
        replace(clock, level=Level.WARNED), ladder.REMINDER, at("2026-12-01 10:00"), BY
    ),
    Action.MEET: lambda clock: meet(clock, NOW, BY),
    Action.STOP: lambda clock: stop(clock, NOW, BY, "cancelled"),
    Action.SUSPEND: lambda clock: suspend(clock, NOW, BY),
    Action.RESUME: lambda clock: resume(clock, NOW, BY, CHINA),
    Action.REASSIGN: lambda clock: reassign(clock, "A3-11", NOW, BY),
    Action.REWORK: lambda clock: rework(clock, NOW, BY),
}
CELLS = [(state, action, DECISIONS[state][column]) for state, (column, action) in product(State, enumerate(Action))]


@pytest.mark.parametrize(("state", "action", "after"), CELLS)
def test_each_action_in_each_state_does_what_was_decided(state: State, action: Action, after: str | None) -> None:
    clock = IN_STATE[state]
    if after is not None:
        change = DO[action](clock)
        assert (change.after.state, change.after.version) == (after, clock.version + 1)
        assert (change.action, change.by) == (action, BY)
        assert (change.after.id, change.after.limit, change.after.kind) == (clock.id, clock.limit, clock.kind)
        return
    with pytest.raises(Conflict) as refused:
        DO[action](clock)
    possible = {other.value for s, other, result in CELLS if s is state and result is not None}
    assert refused.value.code == "clock.action_not_possible"
    assert (refused.value.data["state"], refused.value.data["action"]) == (state, action)
    assert set(refused.value.data["possible"]) == possible


def test_a_refusal_names_both_ends_in_both_languages() -> None:
    with pytest.raises(Conflict) as refused:
        move(State.STOPPED, Action.MEET)
    for text in (refused.value.zh, refused.value.en):
        assert "stopped" in text
        assert "meet" in text


def test_a_clock_starts_with_its_warning_at_four_fifths_of_its_own_time() -> None:
    change = started()
    assert change.after.warn_at == at("2026-11-27 10:00")
    assert change.after.calendar == CHINA.version
    assert (change.after.state, change.after.level, change.after.version) == (State.RUNNING, Level.NONE, 1)
    assert change.what == {"kind": "resolve", "unit": "A3-09", "limit": "5wd", "due_at": "2026-11-30T10:00:00+08:00"}
    assert change.events == ()


def test_the_promised_due_time_stands_and_the_warning_never_comes_after_it() -> None:
    clock = started(due="2026-11-26 10:00").after
    assert clock.warn_at == clock.due_at == at("2026-11-26 10:00")


def test_a_clock_that_is_due_before_it_starts_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="in this order"):
        started(due="2026-11-20 10:00")


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": State.SUSPENDED},
        {"state": State.MET},
        {"suspended_at": NOW},
        {"ended_at": NOW},
    ],
)
def test_a_clock_whose_state_and_instants_disagree_cannot_be_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="belongs to"):
        replace(CLOCK, **wrong)


def test_met_in_time_or_late_is_told_by_when_the_unit_acted() -> None:
    punctual, late = meet(CLOCK, CLOCK.due_at, BY), meet(CLOCK, CLOCK.due_at + timedelta(seconds=1), BY)
    assert (punctual.after.kept, punctual.what) == (True, {"in_time": True})
    assert (late.after.kept, late.what) == (False, {"in_time": False})
    assert CLOCK.kept is None
    assert stop(CLOCK, NOW, BY).after.kept is None


def test_a_suspension_moves_warning_and_due_by_what_was_left() -> None:
    paused = suspend(CLOCK, at("2026-11-25 10:00"), BY, "waits for parts").after
    assert (paused.warn_at, paused.due_at) == (CLOCK.warn_at, CLOCK.due_at)
    again = resume(paused, at("2026-12-02 15:00"), BY, CHINA).after
    assert (again.warn_at, again.due_at) == (at("2026-12-04 15:00"), at("2026-12-07 15:00"))
    assert again.suspended_at is None


def test_a_warning_that_had_passed_before_the_suspension_stays_passed() -> None:
    paused = suspend(CLOCK, at("2026-11-27 15:00"), BY).after
    again = resume(paused, at("2026-12-02 15:00"), BY, CHINA).after
    assert (again.warn_at, again.due_at) == (CLOCK.warn_at, at("2026-12-03 10:00"))


def test_suspending_an_overdue_clock_makes_nobody_punctual() -> None:
    paused = suspend(CLOCK, at("2026-12-01 15:00"), BY).after
    again = resume(paused, at("2026-12-20 15:00"), BY, CHINA).after
    assert (again.warn_at, again.due_at) == (CLOCK.warn_at, CLOCK.due_at)


@pytest.mark.parametrize(
    "do", [lambda c: reassign(c, "A3-11", NOW, BY), lambda c: rework(meet(c, NOW, BY).after, NOW, BY)]
)
def test_a_new_lead_or_rework_keeps_limit_and_level(do: Callable[[Clock], Change[Clock]]) -> None:
    warned = replace(CLOCK, level=Level.WARNED)
    after = do(warned).after
    assert (after.warn_at, after.due_at, after.level) == (CLOCK.warn_at, CLOCK.due_at, Level.WARNED)


def test_the_trail_of_a_new_lead_says_from_whom_to_whom() -> None:
    assert reassign(CLOCK, "A3-11", NOW, BY).what == {"unit": ["A3-09", "A3-11"]}
