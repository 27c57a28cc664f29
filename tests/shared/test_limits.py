"""A limit on a thing: what each effect does to it in each of its states, and the light that it gives."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from shared.events.limits import told
from shared.limits import (
    Effect,
    Light,
    LimitState,
    TimeLimit,
    affected,
    by_calendar,
    extend,
    hand_over,
    light,
    start,
    start_until,
)
from shared.worktime.calendar import china
from shared.worktime.limits import WallClock, WorkingDays, parse_limit
from tests.conftest import NOON

CHINA = china()
HOUR = timedelta(hours=1)
LATER = NOON + 2 * HOUR
RUNNING = start("U", WallClock(10 * HOUR), NOON, CHINA)


def after(*effects: Effect, at: datetime = LATER) -> TimeLimit:
    limit = RUNNING
    for effect in effects:
        limit = affected(limit, effect, at, CHINA)
    return limit


IN = {
    LimitState.RUNNING: RUNNING,
    LimitState.SUSPENDED: after(Effect.SUSPEND),
    LimitState.FULFILLED: after(Effect.FULFIL),
    LimitState.STOPPED: after(Effect.STOP),
}
BECOMES = {
    (LimitState.RUNNING, Effect.FULFIL): LimitState.FULFILLED,
    (LimitState.RUNNING, Effect.STOP): LimitState.STOPPED,
    (LimitState.SUSPENDED, Effect.STOP): LimitState.STOPPED,
    (LimitState.RUNNING, Effect.SUSPEND): LimitState.SUSPENDED,
    (LimitState.SUSPENDED, Effect.RESUME): LimitState.RUNNING,
    (LimitState.FULFILLED, Effect.CONTINUE): LimitState.RUNNING,
    (LimitState.FULFILLED, Effect.RESUME): LimitState.RUNNING,
    (LimitState.RUNNING, Effect.EXTEND): LimitState.RUNNING,
    (LimitState.RUNNING, Effect.REMEASURE): LimitState.RUNNING,
    (LimitState.SUSPENDED, Effect.REMEASURE): LimitState.RUNNING,
    **{(state, Effect.RESTART): LimitState.RUNNING for state in LimitState},
}


def test_it_starts_with_a_warning_at_four_fifths() -> None:
    assert (RUNNING.warn_at, RUNNING.due_at) == (NOON + 8 * HOUR, NOON + 10 * HOUR)
    assert (RUNNING.running, RUNNING.ended, RUNNING.kept) == (True, False, None)


@pytest.mark.parametrize("state, effect", list(product(LimitState, Effect)))
def test_an_effect_that_does_not_fit_changes_nothing(state: LimitState, effect: Effect) -> None:
    now = affected(IN[state], effect, LATER + HOUR, CHINA, WallClock(HOUR))
    if (state, effect) in BECOMES:
        assert now.state is BECOMES[state, effect]
        assert now != IN[state]
    else:
        assert now == IN[state]
    assert (now.suspended_at is not None) == (now.state is LimitState.SUSPENDED)
    assert (now.ended_at is not None) == now.ended


def test_a_restart_is_a_new_limit_of_the_same_length() -> None:
    assert after(Effect.RESTART) == start("U", RUNNING.limit, LATER, CHINA)
    assert after(Effect.FULFIL, Effect.RESTART) == start("U", RUNNING.limit, LATER, CHINA)


def test_suspended_time_does_not_count() -> None:
    resumed = affected(IN[LimitState.SUSPENDED], Effect.RESUME, LATER + 5 * HOUR, CHINA)
    assert (resumed.warn_at, resumed.due_at) == (RUNNING.warn_at + 5 * HOUR, RUNNING.due_at + 5 * HOUR)
    assert resumed.started_at == RUNNING.started_at


def test_who_acted_in_time_kept_it_and_who_acted_late_did_not() -> None:
    assert after(Effect.FULFIL, at=RUNNING.due_at).kept is True
    assert after(Effect.FULFIL, at=RUNNING.due_at + timedelta(seconds=1)).kept is False
    assert after(Effect.STOP).kept is None


def test_what_was_not_enough_runs_on_as_if_never_fulfilled() -> None:
    assert after(Effect.FULFIL, Effect.CONTINUE) == RUNNING


def test_the_time_of_a_check_is_not_the_units_and_who_was_late_stays_late() -> None:
    again = affected(after(Effect.FULFIL), Effect.RESUME, RUNNING.due_at + HOUR, CHINA)
    assert (again.running, again.started_at, again.due_at) == (True, NOON, RUNNING.due_at + 9 * HOUR)
    assert again.due_at - (RUNNING.due_at + HOUR) == RUNNING.due_at - LATER, "what was left"
    late = affected(after(Effect.FULFIL, at=RUNNING.due_at + HOUR), Effect.RESUME, RUNNING.due_at + 5 * HOUR, CHINA)
    assert late == RUNNING


def test_an_extension_is_added_to_what_was_promised_and_warned_of_anew() -> None:
    more = affected(RUNNING, Effect.EXTEND, LATER, CHINA, WallClock(5 * HOUR))
    assert more == extend(RUNNING, WallClock(5 * HOUR), CHINA)
    assert (more.warn_at, more.due_at) == (RUNNING.due_at + 4 * HOUR, RUNNING.due_at + 5 * HOUR)
    assert affected(RUNNING, Effect.EXTEND, LATER, CHINA) == RUNNING, "by nothing"


@pytest.mark.parametrize("at", [RUNNING.warn_at, RUNNING.due_at - HOUR, RUNNING.due_at, RUNNING.due_at + HOUR])
def test_an_extension_of_what_was_to_be_warned_of_or_overdue_is_another_run(at: datetime) -> None:
    more = affected(RUNNING, Effect.EXTEND, at, CHINA, WallClock(5 * HOUR))
    assert more == replace(extend(RUNNING, WallClock(5 * HOUR), CHINA), started_at=at)
    before = RUNNING.warn_at - timedelta(seconds=1)
    assert affected(RUNNING, Effect.EXTEND, before, CHINA, WallClock(5 * HOUR)).started_at == NOON
    late = RUNNING.due_at + 6 * HOUR
    assert affected(RUNNING, Effect.EXTEND, late, CHINA, WallClock(5 * HOUR)).started_at == NOON, "still overdue"


def test_an_extension_counts_in_its_own_kind_of_time() -> None:
    days = start("U", WorkingDays(5), NOON, CHINA)
    assert extend(days, parse_limit("1wd"), CHINA).due_at == datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


def test_measured_anew_it_counts_from_the_same_start_without_what_stood_still() -> None:
    longer, same = WallClock(20 * HOUR), WallClock(10 * HOUR)
    assert affected(RUNNING, Effect.REMEASURE, LATER, CHINA, longer) == start("U", longer, NOON, CHINA)
    assert affected(RUNNING, Effect.REMEASURE, LATER, CHINA, same) == RUNNING
    extended = extend(RUNNING, same, CHINA)
    assert affected(extended, Effect.REMEASURE, LATER, CHINA, same) == extended, "what was granted stays"
    suspended = IN[LimitState.SUSPENDED]
    resumed = affected(suspended, Effect.REMEASURE, LATER + HOUR, CHINA, longer)
    assert (resumed.state, resumed.due_at) == (LimitState.RUNNING, NOON + 21 * HOUR)
    ended = IN[LimitState.FULFILLED]
    assert affected(ended, Effect.REMEASURE, LATER, CHINA, longer) == ended


def test_another_unit_takes_over_what_has_not_ended() -> None:
    for state, limit in IN.items():
        assert hand_over(limit, "V").unit == ("U" if state in (LimitState.FULFILLED, LimitState.STOPPED) else "V")
    assert hand_over(RUNNING, "V").due_at == RUNNING.due_at


def test_the_light_is_that_of_the_most_urgent_running_limit() -> None:
    long = start("U", WallClock(100 * HOUR), NOON, CHINA)
    second = timedelta(seconds=1)
    for limits, at, expected in (
        ((RUNNING, long), RUNNING.warn_at - second, Light.GREEN),
        ((RUNNING, long), RUNNING.warn_at, Light.YELLOW),
        ((RUNNING, long), RUNNING.due_at - second, Light.YELLOW),
        ((RUNNING, long), RUNNING.due_at, Light.RED),
        ((IN[LimitState.FULFILLED], long), RUNNING.due_at, Light.GREEN),
        ((IN[LimitState.SUSPENDED],), RUNNING.due_at, Light.NONE),
        ((), NOON, Light.NONE),
    ):
        assert light(limits, at) is expected


def test_it_is_told_whole() -> None:
    told_of = told(IN[LimitState.SUSPENDED])
    assert told_of.model_dump() == {
        "unit": "U",
        "limit": "10h",
        "started_at": NOON,
        "warn_at": RUNNING.warn_at,
        "due_at": RUNNING.due_at,
        "state": "suspended",
        "suspended_at": LATER,
        "ended_at": None,
    }


def test_a_limit_to_an_instant_ends_then_and_is_told_in_whole_hours() -> None:
    limit = start_until("A7", NOON + timedelta(hours=9, minutes=30), NOON)
    assert (limit.due_at, limit.warn_at) == (NOON + timedelta(hours=9.5), NOON + timedelta(hours=7, minutes=36))
    assert (str(limit.limit), limit.started_at, limit.running) == ("10h", NOON, True)


def test_a_limit_to_an_instant_that_has_passed_is_over_at_once() -> None:
    limit = start_until("A7", NOON - timedelta(days=3), NOON)
    assert NOON < limit.due_at <= NOON + timedelta(seconds=1)
    assert str(limit.limit) == "1h"


def test_a_limit_to_a_far_instant_still_has_a_length() -> None:
    limit = start_until("A7", NOON + timedelta(days=800), NOON)
    assert limit.due_at == NOON + timedelta(days=800)
    assert str(limit.limit) == f"{366 * 24}h"


THURSDAY_OFF = replace(CHINA.years[2026], holidays=CHINA.years[2026].holidays | {date(2026, 11, 19)})
ANNOUNCED = replace(CHINA, version="with a holiday", years={**CHINA.years, 2026: THURSDAY_OFF})
"""Thursday 19 November 2026 is a holiday, which nobody knew."""
DAY = timedelta(days=1)


def by_new(limit: TimeLimit, now: datetime = LATER) -> TimeLimit:
    return by_calendar(limit, CHINA, ANNOUNCED, now)


def test_another_calendar_moves_what_runs_in_working_time_from_its_start_and_once() -> None:
    limit = start("U", WorkingDays(1), NOON, CHINA)
    moved = by_new(limit)
    assert (limit.due_at, moved.due_at) == (NOON + DAY, NOON + 2 * DAY)
    assert moved == start("U", WorkingDays(1), NOON, ANNOUNCED)
    assert by_new(moved) == moved, "once"
    assert by_new(RUNNING) == RUNNING, "the wall clock knows no holidays"


def test_another_calendar_keeps_what_is_left_of_an_extended_and_of_a_suspended_limit() -> None:
    extended = extend(start("U", WorkingDays(1), NOON - DAY, CHINA), WorkingDays(1), CHINA)
    assert (extended.due_at, by_new(extended).due_at) == (NOON + DAY, NOON + 2 * DAY)
    suspended = affected(extended, Effect.SUSPEND, LATER, CHINA)
    moved = by_new(suspended, NOON + 3 * DAY)
    assert (moved.due_at, moved.suspended_at) == (NOON + 2 * DAY, LATER)
    resumed = affected(moved, Effect.RESUME, NOON + 5 * DAY, ANNOUNCED)
    assert resumed.due_at == affected(suspended, Effect.RESUME, NOON + 5 * DAY, CHINA).due_at, (
        "22 hours less two at noon"
    )


def test_another_calendar_touches_nothing_that_is_over_and_makes_nobody_late() -> None:
    limit = start("U", WorkingDays(1), NOON, CHINA)
    late = NOON + DAY
    assert by_new(limit, late) == limit, "overdue is overdue"
    assert by_new(affected(limit, Effect.FULFIL, LATER, CHINA)).due_at == limit.due_at
    longer = start("U", WorkingDays(1), NOON, ANNOUNCED)
    assert by_calendar(longer, ANNOUNCED, CHINA, late + HOUR) == longer, "a working day more makes nobody late"
