"""A duty run after run: kept, late, missed, waived, paused; and what is told of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import cycle, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.duties.duty import (
    RUNNING,
    Duty,
    Last,
    Moment,
    Owed,
    Run,
    State,
    Step,
    ask_waiver,
    begin,
    decline_waiver,
    end,
    follow,
    fulfil,
    grant_waiver,
)
from services.registry.duties.kinds import Bearer, Outcome, Period
from services.registry.duties.periods import Rhythm
from shared.change import Actor, Change
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


def followed(
    one: Duty, owed: Owed, moment: Moment, *, paused: bool = False, new_calendar: bool = False
) -> Change[Duty]:
    """The one change by which it follows."""
    step = follow(one, owed, moment, paused=paused, new_calendar=new_calendar)
    assert step is not None
    (change,) = step.changes
    return change


def outcomes(step_runs: object) -> list[tuple[str, datetime]]:
    return [(run.outcome.value, run.span.due) for run in step_runs]


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


def test_told_late_of_what_was_done_in_time_it_is_kept_and_the_limit_ended_when_it_was_done() -> None:
    step = fulfil(duty(), done("2026-11-20T16:00"), WEEKLY, moment("2026-11-23T09:00"))
    assert outcomes(step.runs) == [("kept", at("2026-11-20T17:30"))]
    assert step.changes[0].after.do.ended_at == at("2026-11-20T16:00")
    assert step.changes[0].after.do.kept is True


def test_of_a_duty_that_nobody_watches_nothing_is_told_and_it_costs_one_change() -> None:
    step = fulfil(
        duty(terms=replace(TERMS, watched=False)), done("2026-11-18T10:00"), WEEKLY, moment("2026-11-18T10:00")
    )
    assert len(step.changes) == 1 and step.changes[0].events == ()


def test_a_waived_run_is_over_and_those_that_passed_since() -> None:
    asked = ask_waiver(duty(), "防汛", moment("2026-11-19T10:00")).after
    assert asked.state is State.WAIVER_ASKED and asked.do.running
    declined = decline_waiver(asked, "仍要检查", moment("2026-11-19T11:00")).after
    assert declined.waiver is not None and declined.waiver.declined == "仍要检查", "who asked reads why"
    again = ask_waiver(declined, "防汛", moment("2026-11-19T12:00")).after
    assert again.waiver is not None and not again.waiver.declined
    assert (
        fulfil(declined, done("2026-11-20T10:00"), WEEKLY, moment("2026-11-20T10:00")).changes[0].after.waiver is None
    )
    step = grant_waiver(asked, "同意", WEEKLY, moment("2026-11-30T10:00"))
    assert [outcome for outcome, _ in outcomes(step.runs)] == ["waived", "waived"]
    assert step.changes[0].after.do.state is LimitState.STOPPED
    assert step.changes[-1].after.do.due_at == at("2026-12-04T17:30")


def announced(holiday: date) -> Calendar:
    return Calendar("cn-new", {2026: Year(announced=True, holidays=frozenset({holiday}), make_up=frozenset())})


def test_announced_holidays_move_the_end_of_the_open_run_once() -> None:
    one, later = duty(), replace(moment("2026-11-17T10:00"), calendar=announced(date(2026, 11, 20)))
    moved = followed(one, TERMS, later, new_calendar=True)
    assert moved.action == "remeasure"
    assert (moved.after.do.started_at, moved.after.do.due_at) == (one.do.started_at, at("2026-11-19T17:30"))
    assert moved.what["was_due_at"] == at("2026-11-20T17:30").isoformat() and len(moved.events) == 1
    assert follow(moved.after, TERMS, later, paused=False, new_calendar=True) is None
    middle = followed(one, TERMS, replace(later, calendar=announced(date(2026, 11, 18))), new_calendar=True)
    assert middle.after.do.due_at == one.do.due_at, "but it is warned of at another time"
    assert middle.after.do.warn_at != one.do.warn_at
    late = replace(moment("2026-11-20T10:00"), calendar=announced(date(2026, 11, 20)))
    assert follow(one, TERMS, late, paused=False, new_calendar=True) is None, "nobody is made late by an announcement"


def test_it_follows_its_plan_and_bearer() -> None:
    one, later = duty(), moment("2026-11-17T10:00")
    assert follow(one, TERMS, later, paused=False) is None
    paused = followed(one, TERMS, later, paused=True)
    assert paused.after.do.state is LimitState.SUSPENDED
    assert follow(paused.after, TERMS, later, paused=True) is None
    resumed = followed(paused.after, TERMS, moment("2026-12-07T09:00"))
    assert (resumed.after.do.started_at, resumed.after.do.due_at) == (at("2026-12-07T09:00"), at("2026-12-11T17:30"))
    monthly = replace(TERMS, rhythm=Rhythm(Period.MONTHLY, office=True))
    assert followed(one, monthly, later).after.do.due_at == at("2026-12-31T17:30")
    overdue = follow(one, monthly, moment("2026-11-23T10:00"), paused=False)
    assert overdue is None or overdue.changes[0].after.do == one.do, "what is overdue stays so"
    ended = end(one, WEEKLY, later)
    assert ended.changes[0].after.state is State.ENDED and ended.changes[0].after.do.state is LimitState.STOPPED
    assert ended.runs == []
    overdue_then = end(one, WEEKLY, moment("2026-11-30T10:00"))
    assert [outcome for outcome, _ in outcomes(overdue_then.runs)] == ["missed", "missed"], "an end hides nothing"
    unwatched = replace(TERMS, watched=False)
    gone = end(followed(one, unwatched, later).after, WEEKLY, later).changes[0]
    for change, told in (
        (followed(one, unwatched, later), [{}]),
        (followed(one, unwatched, later, paused=True), [{}]),
        (followed(paused.after, unwatched, later), [{}]),
        (gone, []),
    ):
        assert [event.limits for event in change.events if isinstance(event, DutyEvent)] == told, change.action


ROUNDS = replace(
    TERMS,
    duty="patrol",
    bearer=Bearer.PREMISES,
    rhythm=Rhythm(Period.TWO_HOURS, office=False, opens=time(9), closes=time(12)),
)
LONGER = replace(ROUNDS, rhythm=replace(ROUNDS.rhythm, closes=time(18)))
DAILY = replace(ROUNDS, rhythm=replace(ROUNDS.rhythm, period=Period.DAILY))


def starts(duty: Duty, runs: Iterable[Run]) -> list[datetime]:
    return [run.span.start for run in runs] + [duty.do.started_at]


def test_opening_hours_that_change_while_a_round_is_overdue_make_no_second_run_of_one_instant() -> None:
    """The round from 11:00 to 12:00 is overdue when the place stays open until 18:00: the same instant begins one that is
    due at 13:00."""
    one = duty("2026-11-18T11:10", ROUNDS)
    assert one.do.started_at == at("2026-11-18T11:00")
    step = fulfil(one, done("2026-11-18T12:20"), LONGER.rhythm, moment("2026-11-18T12:20"))
    assert outcomes(step.runs) == [("late", at("2026-11-18T12:00")), ("kept", at("2026-11-18T13:00"))]
    assert starts(step.changes[-1].after, step.runs) == [at(f"2026-11-18T{hour}:00") for hour in (11, 12, 13)]
    waived = grant_waiver(
        ask_waiver(one, "停电", moment("2026-11-18T12:10")).after, "同意", LONGER.rhythm, moment("2026-11-18T12:20")
    )
    assert starts(waived.changes[-1].after, waived.runs) == [at("2026-11-18T11:00"), at("2026-11-18T12:00")]


def test_another_rhythm_begins_where_the_last_one_ended_and_owes_no_period_that_was_done() -> None:
    monday = fulfil(duty("2026-11-16T08:00", DAILY), done("2026-11-16T10:00"), DAILY.rhythm, moment("2026-11-16T10:00"))
    tuesday = monday.changes[-1].after
    weekly = replace(DAILY, rhythm=Rhythm(Period.WEEKLY, office=False))
    assert followed(tuesday, weekly, moment("2026-11-17T10:00")).after.do.started_at == at("2026-11-23T00:00")
    never = replace(tuesday, last=None)  # as where it was waived, or missed, long ago
    rest = followed(never, weekly, moment("2026-11-17T10:00")).after
    assert (rest.do.started_at, rest.do.due_at) == (at("2026-11-17T10:00"), at("2026-11-23T00:00"))
    assert follow(rest, weekly, moment("2026-11-18T10:00"), paused=False) is None, "the rest of a week is in step"
    half_yearly = replace(DAILY, rhythm=Rhythm(Period.HALF_YEARLY, office=False))
    drilled = fulfil(
        duty("2026-07-02T08:00", half_yearly), done("2026-07-10T10:00"), half_yearly.rhythm, moment("2026-07-10T10:00")
    )
    closed = followed(drilled.changes[-1].after, half_yearly, moment("2026-08-01T08:00"), paused=True).after
    again = followed(closed, half_yearly, moment("2026-08-20T08:00")).after
    assert again.do.started_at == at("2027-01-01T00:00"), "a place that was closed for a while has had its drill"


def test_what_is_overdue_when_a_place_closes_for_a_while_was_missed_once() -> None:
    one = duty("2026-11-18T09:10", ROUNDS)
    step = follow(one, ROUNDS, moment("2026-11-18T12:30"), paused=True)
    assert step is not None
    assert outcomes(step.runs) == [("missed", at("2026-11-18T11:00")), ("missed", at("2026-11-18T12:00"))]
    paused = step.changes[0].after
    assert follow(paused, LONGER, moment("2026-11-18T12:40"), paused=True) is None
    ended = end(paused, ROUNDS.rhythm, moment("2026-11-25T10:00"))
    assert ended.runs == [], "nobody owes what passed while it was closed"
    back = followed(paused, LONGER, moment("2026-11-18T13:20")).after
    assert (back.do.started_at, back.do.due_at) == (at("2026-11-18T13:20"), at("2026-11-18T15:00"))
    in_time = follow(one, ROUNDS, moment("2026-11-18T10:30"), paused=True)
    assert in_time is not None and in_time.runs == []


@given(
    st.lists(st.tuples(st.sampled_from(["done", "waive", "pause", "hours", "weekly", "daily"]), st.integers(1, 900)))
)
@settings(max_examples=200, deadline=None)
def test_whatever_happens_no_two_runs_of_a_duty_begin_at_one_instant(acts: list[tuple[str, int]]) -> None:
    hours = cycle((LONGER, ROUNDS, replace(ROUNDS, rhythm=replace(ROUNDS.rhythm, opens=time(20), closes=time(3)))))
    now, terms, one, runs = moment("2026-11-16T08:00"), ROUNDS, duty("2026-11-16T08:00", ROUNDS), list[Run]()
    for what, minutes in acts:
        now = replace(now, now=now.now + timedelta(minutes=minutes))
        if what == "done":
            if one.state not in RUNNING or one.do.started_at > now.now:
                continue
            step: Step | None = fulfil(one, Last("patrol", now.now, Outcome.KEPT), terms.rhythm, now)
        elif what == "waive":
            if one.state not in RUNNING:
                continue
            step = grant_waiver(ask_waiver(one, "why", now).after, "yes", terms.rhythm, now)
        elif what == "pause":
            step = follow(one, terms, now, paused=one.state is not State.PAUSED)
        else:
            terms = (
                next(hours) if what == "hours" else replace(terms, rhythm=replace(terms.rhythm, period=Period(what)))
            )
            step = follow(one, terms, now, paused=one.state is State.PAUSED)
        if step is not None:
            one = step.changes[-1].after
            runs += step.runs
        assert one.do.started_at < one.do.due_at and one.do.warn_at <= one.do.due_at
    begun = [run.span.start for run in runs] + ([one.do.started_at] if one.state in RUNNING else [])
    assert all(before < after for before, after in pairwise(begun)), begun
