"""Limits, instants and what is left of a limit in words that people use, in Chinese and English. Times are local."""

from datetime import datetime, timedelta
from typing import NamedTuple

from shared.clock import LOCAL
from shared.worktime.arithmetic import remaining
from shared.worktime.calendar import Calendar
from shared.worktime.limits import Limit, WallClock, WorkingDays

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_IN_HOURS = 72 * _HOUR
"""Rules say 24, 48 and 72 hours; what is longer is told in days."""


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
    """Hours and minutes, or days and hours; seconds where there is nothing else. The pages say it alike
    (`web/src/shared/times.ts`)."""
    if span < _MINUTE:
        return _count(int(span.total_seconds()), "秒", "second")
    whole, part = (
        ((_DAY, "天", "day"), (_HOUR, "小时", "hour"))
        if span > _IN_HOURS
        else ((_HOUR, "小时", "hour"), (_MINUTE, "分钟", "minute"))
    )
    counted = ((span // whole[0], *whole[1:]), (span % whole[0] // part[0], *part[1:]))
    parts = [_count(count, zh, en) for count, zh, en in counted if count]
    return Words(" ".join(part.zh for part in parts), " ".join(part.en for part in parts))


def _count(count: int, zh: str, en: str) -> Words:
    return Words(f"{count} {zh}", f"{count} {en}{'' if count == 1 else 's'}")
