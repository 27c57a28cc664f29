"""Time limits: wall-clock time, working hours, working days; and their short text form for data files.

`15m` `4h` `24h` run on the wall clock; `30wm` `4wh` in working hours; `5wd` in working days. A limit is never zero.
There is no `d`: a calendar day would be taken for a working day by one reader and for 24 hours by the next.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from shared.errors import Invalid

LONGEST = timedelta(days=366)
_TEXT = re.compile(r"([1-9]\d{0,8})(s|m|h|ws|wm|wh|wd)", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class WallClock:
    """Time that never stands still, in whole seconds: critical and urgent work orders."""

    duration: timedelta

    def __post_init__(self) -> None:
        _check(self.duration)

    def __str__(self) -> str:
        return _print(self.duration, "")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Time that passes in office hours only, in whole seconds."""

    duration: timedelta

    def __post_init__(self) -> None:
        _check(self.duration)

    def __str__(self) -> str:
        return _print(self.duration, "w")


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Whole working days, each as long as the office hours of one day."""

    days: int

    def __post_init__(self) -> None:
        _check(timedelta(days=self.days))

    def __str__(self) -> str:
        return f"{self.days}wd"


Limit = WallClock | WorkingHours | WorkingDays


def parse_limit(text: str) -> Limit:
    """Read `15m`, `4h`, `30wm`, `4wh`, `5wd`; `str(limit)` writes it. Raises Invalid with what is allowed."""
    match = _TEXT.fullmatch(text)
    if match is None:
        raise _invalid(text)
    number, unit = int(match[1]), match[2]
    try:
        if unit == "wd":
            return WorkingDays(number)
        duration = timedelta(seconds=number * _SECONDS[unit[-1]])
        return WorkingHours(duration) if unit.startswith("w") else WallClock(duration)
    except Invalid:
        raise _invalid(text) from None


def _check(duration: timedelta) -> None:
    if not timedelta(0) < duration <= LONGEST or duration.microseconds:
        raise _invalid(str(duration))


def _print(duration: timedelta, prefix: str) -> str:
    seconds = duration.days * 86400 + duration.seconds
    unit = next(unit for unit in ("h", "m", "s") if seconds % _SECONDS[unit] == 0)
    return f"{seconds // _SECONDS[unit]}{prefix}{unit}"


def _invalid(text: str) -> Invalid:
    most = LONGEST // timedelta(hours=1)
    return Invalid(
        "worktime_limit",
        f"时限“{text}”无效：请用 15m、4h（自然时间）、4wh（工作小时）或 5wd（工作日）这样的写法，大于零，最多 {most}h、{most}wh 或 {LONGEST.days}wd。",
        f"Limit {text!r} is not valid: write 15m or 4h (wall clock), 4wh (working hours) or 5wd (working days), "
        f"more than nothing, and at most {most}h, {most}wh or {LONGEST.days}wd.",
        field="limit",
    )
