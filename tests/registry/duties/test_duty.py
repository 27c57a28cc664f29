"""A duty run after run: kept, late, missed, waived, paused; and what is told of it."""

from dataclasses import replace
from datetime import date, datetime

from services.registry.duties.duty import (
    Duty,
    Last,
    Moment,
    Owed,
    State,
    ask_waiver,
    begin,
    end,
    follow,
    fulfil,
    grant_waiver,
)
from services.registry.duties.kinds import Bearer, Outcome, Period
from services.registry.duties.periods import Rhythm
from shared.change import Actor
from shared.events.registry.duties import DutyEvent
from shared.ids import new_id
from shared.limits import LimitState
from shared.worktime.calendar import Calendar, Year
from tests.registry.duties.test_periods import CALENDAR, at

WEEKLY = Rhythm(Period.WEEKLY, office=True)
TERMS = Owed("inspection", "每周检查", new_id(), True, Bearer.UNIT, new_id(), "R1-S-01", "R1-S", WEEKLY)


def moment(now: str) -> Moment:
    return Moment(Actor("P1", "leader"), at(now), CALENDAR)


def duty(now: str = "2026-11-16T09:00", terms: Owed = TERMS) -> Duty:
    return begin(terms, new_id(), "R1-S-Z000001", moment(now)).after


def done(when: str) -> Last:
    return Last("inspection", at(when), Outcome.KEPT, new_id(), "JC-1")


def outcomes(step_runs: object) -> list[tuple[str, datetime]]:
    return [(run.outcome.value, run.span.due) for run in step_runs]  # type: ignore[attr-defined]


def test_done_in_time_the_next_run_is_the_next_week() -> None:
    step = fulfil(duty(), done("2026-11-18T10:00"), WEEKLY, moment("2026-11-18T10:05"))
    over, following = step.changes
    assert over.after.do.state is LimitState.FULFILLED
    assert following.after.do.due_at == at("2026-11-27T17:30") and following.after.do.running
    assert outcomes(step.runs) == [("kept", at("2026-11-20T17:30"))]
    told = [event for change in step.changes for event in change.events]
    assert [(event.action, event.outcome, event.version) for event in told if isinstance(event, DutyEvent)] == [
        ("fulfil", "kept", 2),
        ("begin", None, 3),
    ]


def test_done_late_the_weeks_between_are_missed_and_the_present_one_is_done() -> None:
    step = fulfil(duty(), done("2026-12-08T10:00"), WEEKLY, moment("2026-12-08T10:00"))
    assert outcomes(step.runs) == [
        ("late", at("2026-11-20T17:30")),
        ("missed", at("2026-11-27T17:30")),
        ("missed", at("2026-12-04T17:30")),
        ("kept", at("2026-12-11T17:30")),
    ]
    assert step.changes[-1].after.do.started_at == at("2026-12-14T00:00")
    assert step.changes[-1].after.last is not None and step.changes[-1].after.last.outcome is Outcome.LATE


def test_told_late_of_what_was_done_in_time_it_is_kept_and_the_limit_ends_when_it_was_told() -> None:
    step = fulfil(duty(), done("2026-11-20T16:00"), WEEKLY, moment("2026-11-23T09:00"))
    assert outcomes(step.runs) == [("kept", at("2026-11-20T17:30"))]
    assert step.changes[0].after.do.ended_at == at("2026-11-23T09:00")


def test_of_a_duty_that_nobody_watches_nothing_is_told_and_it_costs_one_change() -> None:
    step = fulfil(
        duty(terms=replace(TERMS, watched=False)), done("2026-11-18T10:00"), WEEKLY, moment("2026-11-18T10:00")
    )
    assert len(step.changes) == 1 and step.changes[0].events == ()


def test_a_waived_run_is_over_and_those_that_passed_since() -> None:
    asked = ask_waiver(duty(), "防汛", moment("2026-11-19T10:00")).after
    assert asked.state is State.WAIVER_ASKED and asked.do.running
    step = grant_waiver(asked, "同意", WEEKLY, moment("2026-11-30T10:00"))
    assert [outcome for outcome, _ in outcomes(step.runs)] == ["waived", "waived"]
    assert step.changes[0].after.do.state is LimitState.STOPPED
    assert step.changes[-1].after.do.due_at == at("2026-12-04T17:30")


def announced(holiday: date) -> Calendar:
    return Calendar("cn-new", {2026: Year(announced=True, holidays=frozenset({holiday}), make_up=frozenset())})


def test_announced_holidays_move_the_end_of_the_open_run_once() -> None:
    one, later = duty(), replace(moment("2026-11-17T10:00"), calendar=announced(date(2026, 11, 20)))
    moved = follow(one, TERMS, later, paused=False, new_calendar=True)
    assert moved is not None and moved.action == "remeasure"
    assert (moved.after.do.started_at, moved.after.do.due_at) == (one.do.started_at, at("2026-11-19T17:30"))
    assert moved.what["was_due_at"] == at("2026-11-20T17:30").isoformat() and len(moved.events) == 1
    assert follow(moved.after, TERMS, later, paused=False, new_calendar=True) is None
    middle = follow(one, TERMS, replace(later, calendar=announced(date(2026, 11, 18))), paused=False, new_calendar=True)
    assert middle is not None and middle.after.do.due_at == one.do.due_at, "but it is warned of at another time"
    assert middle.after.do.warn_at != one.do.warn_at
    late = replace(moment("2026-11-20T10:00"), calendar=announced(date(2026, 11, 20)))
    assert follow(one, TERMS, late, paused=False, new_calendar=True) is None, "nobody is made late by an announcement"


def test_it_follows_its_plan_and_bearer() -> None:
    one, later = duty(), moment("2026-11-17T10:00")
    assert follow(one, TERMS, later, paused=False) is None
    paused = follow(one, TERMS, later, paused=True)
    assert paused is not None and paused.after.do.state is LimitState.SUSPENDED
    assert follow(paused.after, TERMS, later, paused=True) is None
    resumed = follow(paused.after, TERMS, moment("2026-12-07T09:00"), paused=False)
    assert resumed is not None and resumed.after.do.due_at == at("2026-12-11T17:30")
    monthly = replace(TERMS, rhythm=Rhythm(Period.MONTHLY, office=True))
    changed = follow(one, monthly, later, paused=False)
    assert changed is not None and changed.after.do.due_at == at("2026-12-31T17:30")
    overdue = follow(one, monthly, moment("2026-11-23T10:00"), paused=False)
    assert overdue is None or overdue.after.do == one.do, "what is overdue stays so"
    ended = end(one, WEEKLY, later)
    assert ended.changes[0].after.state is State.ENDED and ended.changes[0].after.do.state is LimitState.STOPPED
    assert ended.runs == []
    overdue_then = end(one, WEEKLY, moment("2026-11-30T10:00"))
    assert [outcome for outcome, _ in outcomes(overdue_then.runs)] == ["missed", "missed"], "an end hides nothing"
    unwatched = follow(one, replace(TERMS, watched=False), later, paused=False)
    assert unwatched is not None
    (event,) = unwatched.events
    assert isinstance(event, DutyEvent) and event.limits == {}
