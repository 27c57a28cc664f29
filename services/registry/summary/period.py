"""Periods of summaries: a calendar week (from Monday), month, quarter or year in Asia/Shanghai. Pure.

A period is written as `2026-W48`, `2026-11`, `2026-Q4` or `2026`: how it is written says what it is.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from services.registry.summary.errors import PERIOD_UNKNOWN

_FORM: Final = re.compile(r"(\d{4})(?:-(?:W(\d\d)|Q([1-4])|(\d\d)))?", re.ASCII)
FORM: Final = r"^[0-9]{4}(-(W[0-9]{2}|Q[1-4]|[0-9]{2}))?$"
_QUARTER: Final = 3


class Length(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """From the local day `first` through `last`."""

    length: Length
    first: date
    last: date

    @property
    def name(self) -> str:
        match self.length:
            case Length.WEEK:
                year, week, _ = self.first.isocalendar()
                return f"{year}-W{week:02}"
            case Length.MONTH:
                return f"{self.first:%Y-%m}"
            case Length.QUARTER:
                return f"{self.first.year}-Q{(self.first.month + 2) // _QUARTER}"
            case Length.YEAR:
                return str(self.first.year)

    @property
    def before(self) -> "Period":
        return period_of(self.length, self.first - timedelta(days=1))

    @property
    def after(self) -> "Period":
        return period_of(self.length, self.last + timedelta(days=1))


def period_of(length: Length, day: date) -> Period:
    """The period in which a local day lies."""
    match length:
        case Length.WEEK:
            first = day - timedelta(days=day.weekday())
            return Period(length, first, first + timedelta(days=6))
        case Length.MONTH:
            return _months(length, day.replace(day=1), 1)
        case Length.QUARTER:
            return _months(length, day.replace(month=(day.month - 1) // _QUARTER * _QUARTER + 1, day=1), _QUARTER)
        case Length.YEAR:
            return Period(length, date(day.year, 1, 1), date(day.year, 12, 31))


def named(text: str) -> Period:
    """The period that is written so. Raises Invalid."""
    found = _FORM.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, week, quarter, month = (int(part) if part else None for part in found.groups())
        assert year is not None
        if week is not None:
            return period_of(Length.WEEK, date.fromisocalendar(year, week, 1))
        if quarter is not None:
            return period_of(Length.QUARTER, date(year, quarter * _QUARTER, 1))
        if month is not None:
            return period_of(Length.MONTH, date(year, month, 1))
        return period_of(Length.YEAR, date(year, 1, 1))
    except ValueError:  # week 54, month 13
        raise PERIOD_UNKNOWN() from None


def _months(length: Length, first: date, count: int) -> Period:
    past = first.month - 1 + count
    return Period(length, first, date(first.year + past // 12, past % 12 + 1, 1) - timedelta(days=1))
