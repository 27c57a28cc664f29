"""When the runs of a duty begin and are due. Pure; the rules are those of docs/rules.md §1.6.

A unit works when its office does: its run is due when the office closes on the last working day of the period, and a
period without a working day has none. A premises counts natural days: its run is due when the period ends, one within
a day when the place closes; a day on which it stays closed has none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from services.registry.duties.kinds import Bearer, Period
from shared.limits import TimeLimit, start
from shared.worktime.arithmetic import elapsed_working
from shared.worktime.calendar import Calendar
from shared.worktime.days import instant_of, local_day
from shared.worktime.limits import Limit, WallClock, WorkingHours

_DAY: Final = timedelta(days=1)
_ROUND: Final = timedelta(hours=2)
_MONTHS: Final = {
    Period.MONTHLY: 1,
    Period.TWO_MONTHLY: 2,
    Period.QUARTERLY: 3,
    Period.HALF_YEARLY: 6,
    Period.YEARLY: 12,
}
_SECOND_HALF: Final = 16
"""The day on which the second half of a month begins."""


class Span(NamedTuple):
    """One run: from its start, which is part of it, to the instant at which it is due. UTC."""

    start: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, and in whose time. `office`: a unit's, in working days; else natural days and, within a day, from `opens`
    to `closes` (local; earlier than `opens`: on the next day), but on the weekdays `closed`. Weekdays are ISO's, 1 for Monday."""

    period: Period
    office: bool
    weekday: int | None = None
    opens: time | None = None
    closes: time | None = None
    closed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """When a premises is open, as its file says it: `opens` and `closes` such as 09:00, empty where that is not known."""

    opens: str = ""
    closes: str = ""
    closed_on: tuple[int, ...] = ()


def hours_told(opens: str | None, closes: str | None, closed_on: Sequence[int] | None) -> Hours:
    """Those of a row; nothing of a unit's, which has no premises beside it."""
    return Hours(opens or "", closes or "", tuple(closed_on or ()))


def rhythm_of(period: Period, bearer: Bearer, weekday: int | None, hours: Hours) -> Rhythm:
    """The rhythm of a plan for a bearer; `hours` are of the premises."""
    opens, closes = (time.fromisoformat(at) if at else None for at in (hours.opens, hours.closes))
    return Rhythm(period, bearer is Bearer.UNIT, weekday, opens, closes, hours.closed_on)


def span_after(rhythm: Rhythm, at: datetime, calendar: Calendar) -> Span:
    """The first run that is due after `at`; it may have begun before."""
    # What opened yesterday may close today.
    first, end = _frame(rhythm.period, local_day(at) - _DAY)
    while True:
        for span in _spans(rhythm, first, end, calendar):
            if span.due > at:
                return span
        first, end = _frame(rhythm.period, end)


@lru_cache(maxsize=1_000)  # thousands of bearers get the same duty at one instant
def first_span(rhythm: Rhythm, at: datetime, calendar: Calendar) -> Span:
    """The run with which a duty begins that is given at `at`: the present one in its first half, else the next."""
    span = span_after(rhythm, at, calendar)
    if at <= span.start + (span.due - span.start) / 2:
        return span
    return span_after(rhythm, span.due, calendar)


def spans_between(rhythm: Rhythm, after: datetime, until: datetime, calendar: Calendar) -> Iterator[Span]:
    """The runs that are due after `after`, up to `until`."""
    span = span_after(rhythm, after, calendar)
    while span.due <= until:
        yield span
        span = span_after(rhythm, span.due, calendar)


@lru_cache(maxsize=10_000)
def limit_of(span: Span, unit: str, rhythm: Rhythm, calendar: Calendar) -> TimeLimit:
    """The run as a limit: of an office in working hours, so that it is warned of on a working day."""
    return start(unit, _length(span, calendar, office=rhythm.office), span.start, calendar)


def _length(span: Span, calendar: Calendar, *, office: bool) -> Limit:
    return WorkingHours(elapsed_working(*span, calendar)) if office else WallClock(span.due - span.start)


def _spans(rhythm: Rhythm, first: date, end: date, calendar: Calendar) -> Iterator[Span]:
    """The runs of one period, the local days from `first` to the one before `end`."""
    if rhythm.period is Period.WEEKDAY:
        first += _DAY * ((rhythm.weekday or 1) - 1)
        if rhythm.office:  # a holiday: the next working day of that week
            first = next((day for day in _days(first, end) if calendar.is_working_day(day)), end)
        else:  # closed on that day in every week: the next one, or else the last, on which it is open
            week = [day for day in _days(end - 7 * _DAY, end) if _is_open(rhythm, day)]
            first = next((day for day in week if day >= first), week[-1])
        end = min(end, first + _DAY)
    if rhythm.office:
        worked = [day for day in _days(first, end) if calendar.is_working_day(day)]
        if worked:
            yield Span(instant_of(first), instant_of(worked[-1], calendar.hours.spans[-1][1]))
        return
    if rhythm.period not in (Period.TWO_HOURS, Period.DAILY):
        yield Span(instant_of(first), instant_of(end))
        return
    if not _is_open(rhythm, first):
        return
    whole = _opening(rhythm, first)
    if rhythm.period is Period.DAILY or rhythm.opens is None:
        yield whole
        return
    begun = whole.start
    while begun < whole.due:
        yield Span(begun, min(begun + _ROUND, whole.due))
        begun += _ROUND


def _is_open(rhythm: Rhythm, day: date) -> bool:
    return day.isoweekday() not in rhythm.closed


def _opening(rhythm: Rhythm, day: date) -> Span:
    """The time for which a place is open on a day; all of it where that is not known."""
    if rhythm.opens is None or rhythm.closes is None:
        return Span(instant_of(day), instant_of(day + _DAY))
    closes = day if rhythm.closes > rhythm.opens else day + _DAY
    return Span(instant_of(day, rhythm.opens), instant_of(closes, rhythm.closes))


def _frame(period: Period, day: date) -> tuple[date, date]:
    """The period in which a local day lies: its first day, and the one after its last."""
    if period in (Period.TWO_HOURS, Period.DAILY):
        return day, day + _DAY
    if period in (Period.WEEKLY, Period.WEEKDAY):
        monday = day - _DAY * day.weekday()
        return monday, monday + 7 * _DAY
    if period is Period.HALF_MONTHLY:
        middle = day.replace(day=_SECOND_HALF)
        return (day.replace(day=1), middle) if day < middle else (middle, _month(day, 1))
    months = _MONTHS[period]
    into = (day.month - 1) % months
    return _month(day, -into), _month(day, months - into)


def _month(day: date, later: int) -> date:
    """The first day of the month so many months later."""
    years, month = divmod(day.month - 1 + later, 12)
    return date(day.year + years, month + 1, 1)


def _days(first: date, end: date) -> Iterator[date]:
    while first < end:
        yield first
        first += _DAY
