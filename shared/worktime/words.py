"""Limits, instants and what is left of a limit in words that people use, in Chinese and English. Times are local."""

from datetime import datetime, timedelta
from typing import NamedTuple

from shared.clock import LOCAL
from shared.worktime.arithmetic import remaining
from shared.worktime.calendar import Calendar
from shared.worktime.limits import Limit, WallClock, WorkingDays

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


class Words(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


def limit_in_words(limit: Limit) -> Words:
    """`4wh` is "4 小时（工作时间）" and "4 hours of working time"."""
    if isinstance(limit, WorkingDays):
        return _count(limit.days, "个工作日", "working day")
    span = _span(limit.duration)
    return span if isinstance(limit, WallClock) else Words(f"{span.zh}（工作时间）", f"{span.en} of working time")


def instant_in_words(at: datetime, now: datetime) -> Words:
    """The local day and minute; the year where it is not this one's."""
    local = at.astimezone(LOCAL)
    other_year = local.year != now.astimezone(LOCAL).year
    zh = f"{local.month}月{local.day}日 {local:%H:%M}"
    en = f"{local.day} {local:%b} {local:%H:%M}"
    return Words(f"{local.year}年{zh}", f"{local.day} {local:%b %Y} {local:%H:%M}") if other_year else Words(zh, en)


def left_in_words(now: datetime, due: datetime, limit: Limit, calendar: Calendar) -> Words:
    """What is left until `due`, or by how much it has passed, in the limit's own kind of time."""
    left = remaining(now, due, limit, calendar)
    span = _span(abs(left)) if isinstance(limit, WallClock) else _worked(abs(left), calendar)
    if left < timedelta(0):
        return Words(f"已超 {span.zh}", f"{span.en} over")
    return Words(f"剩 {span.zh}", f"{span.en} left")


def _worked(span: timedelta, calendar: Calendar) -> Words:
    days, rest = divmod(span, timedelta(microseconds=calendar.hours.day))
    if not days:
        plain = _span(span)
        return Words(f"{plain.zh}（工作时间）", f"{plain.en} of working time")
    whole = _count(days, "个工作日", "working day")
    if rest < _HOUR:
        return whole
    hours = _count(rest // _HOUR, "小时", "hour")
    return Words(f"{whole.zh} {hours.zh}", f"{whole.en} {hours.en}")


def _span(span: timedelta) -> Words:
    """Hours and minutes; seconds where there is nothing else."""
    if span < _MINUTE:
        return _count(int(span.total_seconds()), "秒", "second")
    hours, rest = divmod(span, _HOUR)
    parts = [
        _count(count, zh, en)
        for count, zh, en in ((hours, "小时", "hour"), (rest // _MINUTE, "分钟", "minute"))
        if count
    ]
    return Words(" ".join(part.zh for part in parts), " ".join(part.en for part in parts))


def _count(count: int, zh: str, en: str) -> Words:
    return Words(f"{count} {zh}", f"{count} {en}{'' if count == 1 else 's'}")
