"""Deadlines: when a limit that starts now has passed, what has passed of it, and what a suspension leaves.

Rules, exactly. Office hours are half-open: 09:00 is inside, 12:00 and 17:30 are not; at lunch, at night, on weekends
and holidays working time stands still.
- Wall clock: start + duration, at any hour.
- Working hours end at the first instant by which that much has been worked: 3 h from 09:00 end at 12:00, not at 13:30;
  4 h from 13:30 end at 17:30.
- Working days end at the same time of day on the n-th working day after the start; a start outside office hours counts
  from the next opening: Friday 20:00 plus one day is Tuesday 09:00. So n days are always n times a day's office hours,
  at whatever hour the report came, and the end lies inside office hours, where somebody can still act.
The start is no part of the limit, as in article 201 of the Civil Code (民法典); unlike its article 203 the limit does
not run on to closing time, or the reports of a morning would get up to a day more than those of the evening before.
"""

from datetime import UTC, date, datetime, timedelta

from shared.clock import LOCAL
from shared.errors import Invalid
from shared.worktime.calendar import Calendar
from shared.worktime.limits import Limit, WallClock, WorkingDays, WorkingHours

_MICRO = timedelta(microseconds=1)
# Before 1992 Asia/Shanghai had summer time, so that its days were not all 24 hours; later than this is a typing error.
_FIRST, _LAST = datetime(1992, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def deadline(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The instant (UTC) at which a limit that starts at `start` is used up. Raises Invalid when `start` has no zone."""
    return point(start, limit, 100, calendar)


def point(start: datetime, limit: Limit, percent: int, calendar: Calendar) -> datetime:
    """The instant (UTC) at which so many percent (1–100) of the limit are used, in the limit's own kind of time."""
    if not 1 <= percent <= 100:
        raise ValueError("percent lies between 1 and 100")
    return _after(start, _length(limit, calendar) * percent // 100, limit, calendar)


def remaining(now: datetime, due: datetime, limit: Limit, calendar: Calendar) -> timedelta:
    """What is left until `due`, in the limit's own kind of time; negative when it is overdue by that much."""
    if isinstance(limit, WallClock):
        return _utc(due) - _utc(now)
    return elapsed_working(now, due, calendar)


def resumed(due: datetime, suspended_at: datetime, resumed_at: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The new deadline (UTC) of a limit that stood still from suspension to resumption: what was left is kept.

    A deadline that had passed before the suspension stays where it was: suspending makes nobody punctual. A resumption
    that seems to come before its suspension (clocks of two machines) counts as at once.
    """
    if _utc(due) <= _utc(suspended_at):
        return _utc(due)
    left = remaining(suspended_at, due, limit, calendar) // _MICRO
    return _after(max(_utc(suspended_at), _utc(resumed_at)), left, limit, calendar)


def carried(due: datetime, since: datetime, limit: Limit, before: Calendar, after: Calendar) -> datetime:
    """The deadline (UTC) by another calendar: what was left at `since` by the one before is left by the one after. One that
    had passed stays where it was."""
    if _utc(due) <= _utc(since):
        return _utc(due)
    return _after(since, remaining(since, due, limit, before) // _MICRO, limit, after)


def elapsed_working(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Working time between two aware instants; negative when `end` lies before `start`."""
    if _utc(end) < _utc(start):
        return -elapsed_working(end, start, calendar)
    first, before_start = _position(start, calendar)
    last, worked = _position(end, calendar)
    for year in range(first, last):
        worked += len(calendar.table(year).days) * calendar.hours.day
    return timedelta(microseconds=worked - before_start)


def _after(start: datetime, length: int, limit: Limit, calendar: Calendar) -> datetime:
    match limit:
        case WallClock():
            return _utc(start) + timedelta(microseconds=length)
        case WorkingHours():
            return _ending(start, length, calendar)
        case WorkingDays():
            return _inside(start, length, calendar)


def _length(limit: Limit, calendar: Calendar) -> int:
    """The whole limit in microseconds of its own kind of time."""
    if isinstance(limit, WorkingDays):
        return limit.days * calendar.hours.day
    return limit.duration // _MICRO


def _ending(start: datetime, length: int, calendar: Calendar) -> datetime:
    """The first instant by which `length` (> 0) has been worked since start."""
    year, worked = _position(start, calendar)
    worked += length
    day = calendar.hours.day
    while worked > (whole := len(calendar.table(year).days) * day):
        worked -= whole
        year += 1
    index = (worked - 1) // day
    return _instant(calendar.table(year).days[index], calendar.hours.reached(worked - index * day))


def _inside(start: datetime, length: int, calendar: Calendar) -> datetime:
    """The last instant until which only `length` (>= 0) has been worked since start: always inside office hours."""
    year, worked = _position(start, calendar)
    worked += length
    while worked >= (whole := len(calendar.table(year).days) * calendar.hours.day):
        worked -= whole
        year += 1
    index, rest = divmod(worked, calendar.hours.day)
    return _instant(calendar.table(year).days[index], calendar.hours.passed(rest))


def _position(instant: datetime, calendar: Calendar) -> tuple[int, int]:
    """The local year of an instant and the working time (microseconds) since that year began."""
    local = _utc(instant).astimezone(LOCAL)
    table = calendar.table(local.year)
    at = local.toordinal() - table.first
    worked = table.before[at] * calendar.hours.day
    if table.before[at + 1] > table.before[at]:
        time_of_day = ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond
        worked += calendar.hours.worked(time_of_day)
    return local.year, worked


def _instant(day: int, time_of_day: int) -> datetime:
    midnight = date.fromordinal(day)
    # Adding to an aware datetime adds on the wall clock; that is right here, as every day in range has 24 hours.
    local = datetime(midnight.year, midnight.month, midnight.day, tzinfo=LOCAL)
    return (local + timedelta(microseconds=time_of_day)).astimezone(UTC)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise Invalid(
            "worktime_naive_instant",
            f"时间 {instant.isoformat()} 没有时区：请带上时区，例如 +08:00。",
            f"{instant.isoformat()} has no time zone: give one, as +08:00.",
        )
    if not _FIRST <= instant < _LAST:
        raise Invalid(
            "worktime_instant_out_of_range",
            f"时间 {instant.isoformat()} 超出 1992—2199 年，请检查年份。",
            f"{instant.isoformat()} lies outside the years 1992 to 2199: check the year.",
        )
    return instant.astimezone(UTC)
