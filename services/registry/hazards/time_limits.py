"""How long things about hazards may take. Pure; every number has its source, and a default of ours says so."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from services.registry.errors import HAZARD_DEADLINE_OUT_OF_RANGE
from services.registry.hazards.hazard import Grade
from shared.clock import LOCAL, local_day
from shared.limits import TimeLimit, start, start_until
from shared.worktime.calendar import Calendar
from shared.worktime.limits import parse_limit

RECTIFY_DAYS: Final[Mapping[Grade, int]] = {Grade.GENERAL: 15, Grade.MAJOR: 30}
"""Where whoever finds it names no deadline: our defaults, no law says so."""
RECHECK: Final = parse_limit("168h")
"""Transferred hazards are re-checked weekly (docs/rules.md §1.4)."""
DECIDE_LISTING: Final = parse_limit("7wd")
"""国办发〔2017〕87号: the government decides on listing within seven working days."""
_LONGEST: Final = timedelta(days=366)


def rectify_until(unit: str, day: date, at: datetime, *, field: str = "rectify_by") -> TimeLimit:
    """From `at` to the end of a local day. Raises Invalid for a day that has passed, or lies more than a year ahead."""
    today = local_day(at)
    if not today <= day <= today + _LONGEST:
        raise HAZARD_DEADLINE_OUT_OF_RANGE(field=field)
    return start_until(unit, end_of(day), at)


def default_day(grade: Grade, found_at: datetime) -> date:
    return local_day(found_at) + timedelta(days=RECTIFY_DAYS[grade])


def end_of(day: date) -> datetime:
    """The instant (UTC) at which a local day is over."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL).astimezone(UTC)


def last_day(limit: TimeLimit) -> date:
    """The last local day of a limit that ends with a day."""
    return local_day(limit.due_at - timedelta(microseconds=1))


def recheck_from(unit: str, at: datetime, calendar: Calendar) -> TimeLimit:
    return start(unit, RECHECK, at, calendar)


def decide_from(unit: str, at: datetime, calendar: Calendar) -> TimeLimit:
    return start(unit, DECIDE_LISTING, at, calendar)
