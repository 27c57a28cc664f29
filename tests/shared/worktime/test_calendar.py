"""The calendar: its data agree with two independent sources, and it knows what it only guesses."""

import json
from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import holidays
import pytest

from shared.errors import Invalid
from shared.worktime import build
from shared.worktime.calendar import DATA, Calendar, Year, china
from shared.worktime.hours import OfficeHours

CHINA = china()
ANNOUNCED = range(2019, 2027)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", ANNOUNCED)
def test_every_day_of_an_announced_year_agrees_with_chinesecalendar(year: int) -> None:
    wrong = [day for day in days_of(year) if CHINA.is_working_day(day) != chinese_calendar.is_workday(day)]
    assert wrong == []


@pytest.mark.parametrize("year", ANNOUNCED)
def test_make_up_days_of_a_year_lie_in_that_year(year: int) -> None:
    """The holidays package lists them under neighbouring years too."""
    listed = {day for day in holidays.country_holidays("CN", years=year).weekend_workdays if day.year == year}
    assert CHINA.years[year].make_up == listed != set()


def test_the_file_is_what_the_generator_makes_for_the_announced_years() -> None:
    kept, made = json.loads(DATA.read_text(encoding="utf-8")), build.build(2026, 1)
    assert kept["version"] == made["version"]
    for year in map(str, ANNOUNCED):
        assert kept["years"][year] == made["years"][year]
        assert f"国务院办公厅关于{year}年部分节假日安排的通知" in kept["years"][year]["source"]


def test_the_generator_refuses_to_call_a_year_announced_that_the_package_only_estimates() -> None:
    with pytest.raises(ValueError, match="2035"):
        build.build(2035, 1)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2024-09-14", True),  # Saturday, made up for Mid-Autumn
        ("2024-09-29", True),  # Sunday, made up for National Day
        ("2024-10-04", False),
        ("2024-10-08", True),
        ("2024-10-12", True),  # Saturday, made up
        ("2024-10-13", False),
        ("2025-01-26", True),  # Sunday before Spring Festival
        ("2025-01-28", False),  # New Year's Eve, a holiday since order 795
        ("2024-02-09", True),  # New Year's Eve of the year before: was none
        ("2025-02-04", False),
        ("2025-02-05", True),
        ("2027-02-08", False),  # estimated: Spring Festival, its third day
        ("2027-10-01", False),
        ("2040-10-01", False),  # beyond all estimates: fixed dates only
        ("2040-10-04", True),
    ],
)
def test_worked_days(day: str, working: bool) -> None:
    assert CHINA.is_working_day(date.fromisoformat(day)) is working


def test_a_year_without_a_notice_is_provisional() -> None:
    assert [year for year in range(2018, 2040) if CHINA.announced(year)] == list(ANNOUNCED)


def test_time_that_reaches_into_an_unannounced_year_is_provisional_by_local_date() -> None:
    start = datetime(2026, 12, 30, tzinfo=UTC)
    assert not CHINA.provisional(start, datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    assert CHINA.provisional(start, datetime(2026, 12, 31, 16, tzinfo=UTC))  # midnight in Shanghai


def test_the_version_names_holidays_and_hours() -> None:
    assert CHINA.version == "cn-2026.1 09:00-12:00,13:30-17:30"
    assert china(OfficeHours.parse("08:30-17:00")).version == "cn-2026.1 08:30-17:00"


def test_data_that_cannot_be_right_is_refused() -> None:
    saturday, monday = date(2025, 2, 8), date(2025, 2, 3)
    with pytest.raises(ValueError, match="both"):
        Year(announced=True, holidays=frozenset({saturday}), make_up=frozenset({saturday}))
    with pytest.raises(ValueError, match="weekend"):
        Year(announced=True, holidays=frozenset(), make_up=frozenset({monday}))
    with pytest.raises(ValueError, match="another year"):
        Calendar("x", {2024: Year(announced=True, holidays=frozenset({monday}), make_up=frozenset())})


def test_office_hours_are_read_and_written() -> None:
    hours = OfficeHours.parse("08:30-12:00, 14:00-18:00")
    assert hours.spans == ((time(8, 30), time(12)), (time(14), time(18)))
    assert str(hours) == "08:30-12:00,14:00-18:00"
    assert hours.day == 7.5 * 3600 * 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9-12",
        "12:00-09:00",
        "09:00-09:00",
        "09:00-12:00,12:00-17:00",
        "13:30-17:30,09:00-12:00",
        "09:00-24:00",
        "09:60-10:00",
    ],
)
def test_office_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        OfficeHours.parse(text)
    assert refused.value.code == "worktime_office_hours"
