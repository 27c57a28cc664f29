"""Office hours: the spans of a working day in which working time passes. The same on every working day.

Inside, a time of day is a number of microseconds since local midnight, so that all arithmetic is exact.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time
from itertools import pairwise

from shared.errors import Invalid

_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)


def microseconds(at: time) -> int:
    """Microseconds between midnight and this time of day."""
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Spans of local time, in order and apart, each half-open: at its end the office is closed.

    `day` is the working time of one working day, in microseconds. Raises Invalid for spans that are empty, out of
    order or touch each other.
    """

    spans: tuple[tuple[time, time], ...]
    day: int = field(init=False)
    _spans: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spans = tuple((microseconds(opens), microseconds(closes)) for opens, closes in self.spans)
        edges = [edge for span in spans for edge in span]
        if not edges or any(a >= b for a, b in pairwise(edges)):
            raise _invalid(_print(self.spans))
        object.__setattr__(self, "_spans", spans)
        object.__setattr__(self, "day", sum(closes - opens for opens, closes in spans))

    @classmethod
    def parse(cls, text: str) -> "OfficeHours":
        """Read `09:00-12:00,13:30-17:30`. Raises Invalid."""
        spans = []
        for part in text.split(","):
            match = _SPAN.fullmatch(part.strip())
            if match is None:
                raise _invalid(text)
            h1, m1, h2, m2 = map(int, match.groups())
            if max(h1, h2) > 23 or max(m1, m2) > 59:
                raise _invalid(text)
            spans.append((time(h1, m1), time(h2, m2)))
        return cls(tuple(spans))

    def __str__(self) -> str:
        return _print(self.spans)

    def worked(self, at: int) -> int:
        """Working time that has passed on a working day at this time of day."""
        done = 0
        for opens, closes in self._spans:
            if at <= opens:
                break
            done += min(at, closes) - opens
        return done

    def reached(self, worked: int) -> int:
        """The first time of day at which so much has been worked, 0 < worked <= day: a closing rather than the opening
        after it."""
        for opens, closes in self._spans:
            if worked <= closes - opens:
                return opens + worked
            worked -= closes - opens
        raise ValueError("more than a working day")

    def passed(self, worked: int) -> int:
        """The last time of day with so much worked, 0 <= worked < day: an opening rather than the closing before it."""
        for opens, closes in self._spans:
            if worked < closes - opens:
                return opens + worked
            worked -= closes - opens
        raise ValueError("not within a working day")


def _print(spans: Iterable[tuple[time, time]]) -> str:
    return ",".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)


def _invalid(text: str) -> Invalid:
    return Invalid(
        "worktime_office_hours",
        f"办公时间“{text}”无效：请按先后顺序填写互不相接的时段，例如 09:00-12:00,13:30-17:30。",
        f"Office hours {text!r} are not valid: give spans in order that do not touch, as 09:00-12:00,13:30-17:30.",
        field="office_hours",
    )


OFFICE_HOURS = OfficeHours.parse("09:00-12:00,13:30-17:30")
"""The default of streets and townships (docs/rules.md §3.3)."""
