"""The calendar of working days: statutory holidays and make-up working days (调休) per year, and office hours.

A calendar never changes; a new notice makes a new calendar with a new version. A year that the State Council has not
announced is provisional: its days are an estimate, and deadlines that reach into it are recomputed once it is known.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.clock import LOCAL
from shared.worktime.hours import OFFICE_HOURS, OfficeHours

DATA = Path(__file__).parent / "data" / "china.json"

FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Public holidays with a fixed date (全国年节及纪念日放假办法, State Council order 795 of 2024), as (month, day)."""


@dataclass(frozen=True, slots=True)
class Year:
    """What one year's notice says, by the date itself: a notice may also move days of the December before.

    Raises ValueError for data that cannot be right, since a wrong calendar moves every deadline.
    """

    announced: bool
    holidays: frozenset[date]
    make_up: frozenset[date]

    def __post_init__(self) -> None:
        if self.holidays & self.make_up:
            raise ValueError(f"both holiday and make-up day: {sorted(self.holidays & self.make_up)}")
        if any(day.weekday() < 5 for day in self.make_up):
            raise ValueError(f"a make-up day lies on a weekend: {sorted(self.make_up)}")


def estimated(year: int) -> Year:
    """A year of which nothing is known: weekends and the holidays with a fixed date."""
    return Year(announced=False, holidays=frozenset(date(year, m, d) for m, d in FIXED_HOLIDAYS), make_up=frozenset())


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The working days of one year. `days[i]` is the ordinal of the i-th one; `before[d]` counts those before day d."""

    first: int
    days: tuple[int, ...]
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Which days and hours are working time, in Asia/Shanghai.

    `version` names the holidays and the hours together: two calendars of one version give the same deadlines.
    """

    version: str
    years: Mapping[int, Year]
    hours: OfficeHours = OFFICE_HOURS
    _tables: dict[int, WorkingDays] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for number, year in self.years.items():
            if any(day.year != number for day in year.holidays | year.make_up):
                raise ValueError(f"the entry of {number} holds a day of another year")

    def announced(self, year: int) -> bool:
        """Whether the year's holidays are published, not estimated."""
        entry = self.years.get(year)
        return entry is not None and entry.announced

    def provisional(self, start: datetime, end: datetime) -> bool:
        """Whether the time from start to end touches a year that is only estimated, so that it may still move."""
        years = range(start.astimezone(LOCAL).year, end.astimezone(LOCAL).year + 1)
        return not all(map(self.announced, years))

    def is_working_day(self, day: date) -> bool:
        table = self.table(day.year)
        at = day.toordinal() - table.first
        return table.before[at + 1] > table.before[at]

    def table(self, year: int) -> WorkingDays:
        """The year's working days, computed once."""
        table = self._tables.get(year)
        if table is None:
            table = self._tables[year] = _tabulate(year, self.years.get(year) or estimated(year))
        return table


def _tabulate(number: int, year: Year) -> WorkingDays:
    first = date(number, 1, 1)
    days: list[int] = []
    before = [0]
    day = first
    while day.year == number:
        if day in year.make_up or (day.weekday() < 5 and day not in year.holidays):
            days.append(day.toordinal())
        before.append(len(days))
        day += timedelta(days=1)
    return WorkingDays(first.toordinal(), tuple(days), tuple(before))


def china(hours: OfficeHours = OFFICE_HOURS) -> Calendar:
    """The calendar of the People's Republic of China that this release carries. Reads one small file: call it once."""
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return Calendar(version=f"{data['version']} {hours}", years=_years(data["years"]), hours=hours)


def written(calendar: Calendar) -> dict[str, Any]:
    """The calendar as plain data, from which `read` makes one that gives the same deadlines."""
    years = {
        str(number): {
            "announced": year.announced,
            "holidays": [day.isoformat() for day in sorted(year.holidays)],
            "make_up_days": [day.isoformat() for day in sorted(year.make_up)],
        }
        for number, year in calendar.years.items()
    }
    return {"version": calendar.version, "years": years, "hours": str(calendar.hours)}


def read(data: Mapping[str, Any]) -> Calendar:
    """What `written` wrote. Raises LookupError, ValueError and Invalid for what it did not."""
    return Calendar(data["version"], _years(data["years"]), OfficeHours.parse(data["hours"]))


def _years(data: Mapping[str, Any]) -> dict[int, Year]:
    return {
        int(number): Year(
            announced=entry["announced"],
            holidays=frozenset(map(date.fromisoformat, entry["holidays"])),
            make_up=frozenset(map(date.fromisoformat, entry["make_up_days"])),
        )
        for number, entry in data.items()
    }
