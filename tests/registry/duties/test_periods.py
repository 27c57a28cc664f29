"""When runs begin and are due: offices in working days, premises in natural days and while they are open."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from services.registry.duties.kinds import Period
from services.registry.duties.periods import Rhythm, Span, first_span, limit_of, span_after, spans_between
from shared.clock import LOCAL
from shared.worktime.calendar import china

CALENDAR = china()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(UTC)


def span(start: str, due: str) -> Span:
    return Span(at(start), at(due))


OFFICE = [
    (Period.DAILY, None, "2026-11-18T00:00", "2026-11-18T17:30"),
    (Period.WEEKLY, None, "2026-11-16T00:00", "2026-11-20T17:30"),
    (Period.WEEKDAY, 3, "2026-11-18T00:00", "2026-11-18T17:30"),
    (Period.WEEKDAY, 1, "2026-11-23T00:00", "2026-11-23T17:30"),
    (Period.HALF_MONTHLY, None, "2026-11-16T00:00", "2026-11-30T17:30"),
    (Period.TWO_MONTHLY, None, "2026-11-01T00:00", "2026-12-31T17:30"),
    (Period.QUARTERLY, None, "2026-10-01T00:00", "2026-12-31T17:30"),
    (Period.HALF_YEARLY, None, "2026-07-01T00:00", "2026-12-31T17:30"),
    (Period.YEARLY, None, "2026-01-01T00:00", "2026-12-31T17:30"),
]
OWN = [
    (Period.DAILY, "2026-11-18T09:00", "2026-11-18T14:00"),
    (Period.TWO_HOURS, "2026-11-18T09:00", "2026-11-18T11:00"),
    (Period.WEEKLY, "2026-11-16T00:00", "2026-11-23T00:00"),
    (Period.MONTHLY, "2026-11-01T00:00", "2026-12-01T00:00"),
    (Period.YEARLY, "2026-01-01T00:00", "2027-01-01T00:00"),
]


@pytest.mark.parametrize(("period", "weekday", "start", "due"), OFFICE)
def test_a_unit_is_due_when_its_office_closes(period: Period, weekday: int | None, start: str, due: str) -> None:
    rhythm = Rhythm(period, office=True, weekday=weekday)
    found = span_after(rhythm, at("2026-11-18T10:00"), CALENDAR)
    assert found == span(start, due)
    limit = limit_of(found, "A", rhythm, CALENDAR)
    assert limit.due_at == found.due and found.start < limit.warn_at < found.due


@pytest.mark.parametrize(("period", "start", "due"), OWN)
def test_a_premises_counts_natural_days_and_its_opening_hours(period: Period, start: str, due: str) -> None:
    rhythm = Rhythm(period, office=False, opens=time(9), closes=time(14))
    assert span_after(rhythm, at("2026-11-18T10:00"), CALENDAR) == span(start, due)


def test_a_week_without_a_working_day_owes_nothing_and_a_make_up_day_counts() -> None:
    weekly = Rhythm(Period.WEEKLY, office=True)
    assert span_after(weekly, at("2026-09-28T10:00"), CALENDAR).due == at("2026-09-30T17:30")
    after = span_after(weekly, at("2026-09-30T17:30"), CALENDAR)
    assert after == span("2026-10-05T00:00", "2026-10-10T17:30"), "Saturday the 10th makes up for the holiday"
    wednesday = Rhythm(Period.WEEKDAY, office=True, weekday=3)
    assert span_after(wednesday, at("2026-10-05T10:00"), CALENDAR).due == at("2026-10-08T17:30"), "the 7th is a holiday"


def test_rounds_of_a_night_go_on_after_midnight_and_the_last_one_ends_at_closing() -> None:
    night = Rhythm(Period.TWO_HOURS, office=False, opens=time(21), closes=time(2))
    rounds = list(spans_between(night, at("2026-11-18T20:00"), at("2026-11-19T12:00"), CALENDAR))
    assert rounds == [
        span("2026-11-18T21:00", "2026-11-18T23:00"),
        span("2026-11-18T23:00", "2026-11-19T01:00"),
        span("2026-11-19T01:00", "2026-11-19T02:00"),
    ]


def test_a_place_owes_no_rounds_on_its_closed_weekdays_and_a_fixed_day_moves() -> None:
    monday = Rhythm(Period.TWO_HOURS, office=False, opens=time(10), closes=time(13), closed=(1,))
    rounds = list(spans_between(monday, at("2026-11-22T11:00"), at("2026-11-24T12:00"), CALENDAR))
    assert rounds == [
        span("2026-11-22T10:00", "2026-11-22T12:00"),
        span("2026-11-22T12:00", "2026-11-22T13:00"),
        span("2026-11-24T10:00", "2026-11-24T12:00"),
    ], "the 23rd is a Monday"
    daily = replace(monday, period=Period.DAILY, closed=(1, 2, 3, 4, 5, 7))
    assert span_after(daily, at("2026-11-21T13:00"), CALENDAR).due == at("2026-11-28T13:00")
    for weekday, due in ((1, "2026-11-25T00:00"), (6, "2026-11-26T00:00")):
        fixed = Rhythm(Period.WEEKDAY, office=False, weekday=weekday, closed=(1, 4, 5, 6, 7))
        assert span_after(fixed, at("2026-11-23T10:00"), CALENDAR).due == at(due)


def test_a_duty_that_is_given_late_in_a_period_begins_with_the_next() -> None:
    monthly = Rhythm(Period.MONTHLY, office=False)
    assert first_span(monthly, at("2026-11-10T10:00"), CALENDAR).due == at("2026-12-01T00:00")
    assert first_span(monthly, at("2026-11-20T10:00"), CALENDAR).due == at("2027-01-01T00:00")
