"""Deadlines, by worked examples. Times are local (Asia/Shanghai); the weekday of each start is given in a comment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from shared.clock import LOCAL
from shared.errors import Invalid
from shared.worktime.arithmetic import deadline, elapsed_working, point, remaining, resumed
from shared.worktime.calendar import china
from shared.worktime.hours import OfficeHours
from shared.worktime.limits import parse_limit

CHINA = china()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # The wall clock never stands still.
        ("2024-09-30 23:50", "15m", "2024-10-01 00:05"),
        ("2025-01-28 20:00", "24h", "2025-01-29 20:00"),
        # Working hours, Monday: over lunch, to its beginning, to closing time, over night.
        ("2026-11-23 11:00", "4wh", "2026-11-23 16:30"),
        ("2026-11-23 09:00", "3wh", "2026-11-23 12:00"),
        ("2026-11-23 12:00", "4wh", "2026-11-23 17:30"),
        ("2026-11-23 12:45", "1wh", "2026-11-23 14:30"),
        ("2026-11-23 13:30", "4wh", "2026-11-23 17:30"),
        ("2026-11-23 17:29", "30wm", "2026-11-24 09:29"),
        ("2026-11-23 00:00", "4wh", "2026-11-23 14:30"),
        ("2026-11-23 10:00", "7wh", "2026-11-24 10:00"),
        # Friday evening and the weekend count from Monday's opening.
        ("2026-11-20 18:00", "4wh", "2026-11-23 14:30"),
        ("2026-11-21 12:00", "4wh", "2026-11-23 14:30"),
        ("2026-11-20 17:30", "4wh", "2026-11-23 14:30"),
        # Working days: same time of day; at lunch and in the evening from the next opening.
        ("2026-11-23 10:17", "1wd", "2026-11-24 10:17"),
        ("2026-11-23 09:00", "5wd", "2026-11-30 09:00"),
        ("2026-11-23 13:30", "1wd", "2026-11-24 13:30"),
        ("2026-11-23 12:00", "1wd", "2026-11-24 13:30"),
        ("2026-11-23 17:30", "1wd", "2026-11-25 09:00"),
        ("2026-11-20 20:00", "1wd", "2026-11-24 09:00"),
        ("2026-11-20 16:00", "5wd", "2026-11-27 16:00"),
        ("2026-11-22 00:00", "1wd", "2026-11-24 09:00"),
        # Spring Festival 2025: 28 January to 4 February off; Sunday 26 January and Saturday 8 February worked.
        ("2025-01-24 16:00", "1wd", "2025-01-26 16:00"),  # Friday → Sunday made up
        ("2025-01-24 16:00", "2wd", "2025-01-27 16:00"),
        ("2025-01-27 16:00", "1wd", "2025-02-05 16:00"),
        ("2025-01-27 17:00", "4wh", "2025-02-05 14:00"),
        ("2025-01-30 03:00", "5wd", "2025-02-11 09:00"),  # 5, 6, 7, 8 (made up), 10 February
        # National Day 2024: 1 to 7 October off; Sunday 29 September and Saturday 12 October worked.
        ("2024-09-27 10:00", "1wd", "2024-09-29 10:00"),
        ("2024-09-30 10:00", "1wd", "2024-10-08 10:00"),
        ("2024-09-30 17:00", "1wh", "2024-10-08 09:30"),
        ("2024-10-11 10:00", "1wd", "2024-10-12 10:00"),
        ("2024-10-11 10:00", "2wd", "2024-10-14 10:00"),
        # Over the year's end, also into a provisional year (1 January 2027 is a Friday).
        ("2025-12-31 17:00", "1wh", "2026-01-04 09:30"),  # 2 January off, Sunday 4 January made up
        ("2026-12-31 10:00", "1wd", "2027-01-04 10:00"),
        ("2026-12-31 17:00", "30wm", "2026-12-31 17:30"),
        ("2026-12-31 17:00", "31wm", "2027-01-04 09:01"),
        ("2039-12-30 10:00", "2wd", "2040-01-03 10:00"),
        # A long way: all of 2026 has 248 working days.
        ("2025-12-31 10:00", "248wd", "2026-12-31 10:00"),
    ],
)
def test_a_deadline_lies_where_the_rule_says(start: str, limit: str, due: str) -> None:
    assert deadline(at(start), parse_limit(limit), CHINA) == at(due)


@pytest.mark.parametrize(
    ("start", "limit", "warned"),
    [
        ("2026-11-23 10:00", "15m", "2026-11-23 10:12"),
        ("2026-11-23 09:00", "4wh", "2026-11-23 13:42"),  # 3 h 12 min of work, over lunch
        ("2026-11-23 10:00", "5wd", "2026-11-27 10:00"),
        ("2026-11-23 10:00", "1wd", "2026-11-23 17:06"),  # 5 h 36 min of 7 h
        ("2024-09-30 17:00", "4wh", "2024-10-08 11:42"),  # the holiday consumes nothing
    ],
)
def test_eighty_percent_are_measured_in_the_limits_own_time(start: str, limit: str, warned: str) -> None:
    assert point(at(start), parse_limit(limit), 80, CHINA) == at(warned)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23 09:00", "2026-11-23 17:30", 420),
        ("2026-11-23 12:00", "2026-11-23 13:30", 0),
        ("2026-11-20 17:30", "2026-11-23 09:00", 0),
        ("2026-11-20 17:00", "2026-11-23 09:10", 40),
        ("2025-01-27 17:00", "2025-02-05 09:30", 60),
        ("2025-12-31 17:00", "2026-01-04 10:00", 90),
        ("2024-12-31 00:00", "2027-01-01 00:00", (1 + 248 + 248) * 420),
    ],
)
def test_working_time_between_two_instants(start: str, end: str, minutes: int) -> None:
    assert elapsed_working(at(start), at(end), CHINA) == timedelta(minutes=minutes)
    assert elapsed_working(at(end), at(start), CHINA) == -timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("now", "due", "limit", "left"),
    [
        ("2026-11-20 17:00", "2026-11-23 10:00", "4wh", timedelta(minutes=90)),
        ("2026-11-20 17:00", "2026-11-23 10:00", "5wd", timedelta(minutes=90)),
        ("2026-11-20 17:00", "2026-11-20 18:00", "4h", timedelta(hours=1)),
        ("2026-11-23 10:00", "2026-11-20 17:00", "4wh", -timedelta(minutes=90)),
        ("2026-11-20 18:00", "2026-11-20 17:00", "4h", -timedelta(hours=1)),
    ],
)
def test_what_is_left_is_negative_once_overdue(now: str, due: str, limit: str, left: timedelta) -> None:
    assert remaining(at(now), at(due), parse_limit(limit), CHINA) == left


@pytest.mark.parametrize(
    ("due", "suspended", "again", "limit", "new_due"),
    [
        ("2026-11-23 16:00", "2026-11-23 15:00", "2026-11-24 20:00", "4h", "2026-11-24 21:00"),
        ("2026-11-23 16:00", "2026-11-23 15:00", "2026-11-24 20:00", "4wh", "2026-11-25 10:00"),
        ("2026-11-25 10:00", "2026-11-23 15:00", "2024-10-01 00:00", "5wd", "2026-11-25 10:00"),  # clocks apart
        ("2026-11-25 10:00", "2026-11-23 10:00", "2026-12-04 11:00", "5wd", "2026-12-08 11:00"),
        ("2026-11-23 09:00", "2026-11-20 18:00", "2026-11-28 10:00", "1wd", "2026-11-30 09:00"),  # nothing was left
        ("2026-11-23 10:00", "2026-11-23 10:00", "2026-11-30 10:00", "4wh", "2026-11-23 10:00"),
        ("2026-11-20 10:00", "2026-11-23 10:00", "2026-11-30 10:00", "4wh", "2026-11-20 10:00"),  # stays overdue
    ],
)
def test_a_suspension_keeps_what_was_left(due: str, suspended: str, again: str, limit: str, new_due: str) -> None:
    assert resumed(at(due), at(suspended), at(again), parse_limit(limit), CHINA) == at(new_due)


def test_other_office_hours_give_other_deadlines() -> None:
    through = china(OfficeHours.parse("08:00-18:00"))
    assert deadline(at("2026-11-23 11:00"), parse_limit("4wh"), through) == at("2026-11-23 15:00")
    assert deadline(at("2026-11-23 17:30"), parse_limit("1wd"), through) == at("2026-11-24 17:30")


def test_deadlines_are_given_in_utc() -> None:
    for limit in ("4h", "4wh", "5wd"):
        assert deadline(at("2026-11-23 11:00"), parse_limit(limit), CHINA).tzinfo is UTC


NAIVE = datetime(2026, 11, 23, 11)
GOOD = at("2026-11-23 11:00")
LIMITS = ("4h", "4wh", "5wd")


@pytest.mark.parametrize(
    "ask",
    [
        *(lambda limit=limit: deadline(NAIVE, parse_limit(limit), CHINA) for limit in LIMITS),
        *(lambda limit=limit: remaining(GOOD, NAIVE, parse_limit(limit), CHINA) for limit in LIMITS),
        *(lambda limit=limit: remaining(NAIVE, GOOD, parse_limit(limit), CHINA) for limit in LIMITS),
        lambda: elapsed_working(NAIVE, GOOD, CHINA),
        lambda: elapsed_working(GOOD, NAIVE, CHINA),
        lambda: resumed(NAIVE, GOOD, GOOD, parse_limit("4h"), CHINA),
        lambda: resumed(GOOD + timedelta(1), NAIVE, GOOD, parse_limit("4h"), CHINA),
        lambda: resumed(GOOD + timedelta(1), GOOD, NAIVE, parse_limit("4h"), CHINA),
    ],
)
def test_an_instant_without_a_zone_is_refused(ask: Callable[[], object]) -> None:
    with pytest.raises(Invalid) as refused:
        ask()
    assert refused.value.code == "worktime_naive_instant"


@pytest.mark.parametrize("year", [1, 1991, 2201, 9999])
def test_a_year_outside_the_calendar_is_refused(year: int) -> None:
    with pytest.raises(Invalid) as refused:
        deadline(datetime(year, 6, 1, tzinfo=UTC), parse_limit("5wd"), CHINA)
    assert refused.value.code == "worktime_instant_out_of_range"


@pytest.mark.parametrize("percent", [0, -1, 101])
def test_a_part_outside_the_limit_is_refused(percent: int) -> None:
    with pytest.raises(ValueError, match="percent"):
        point(GOOD, parse_limit("4h"), percent, CHINA)
