"""How long things about hazards may take. Pure; every number has its source, and a default of ours says so."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from services.registry.hazards.errors import (
    HAZARD_DEADLINE_OUT_OF_RANGE,
)
from services.registry.hazards.hazard import Grade
from shared.limits import TimeLimit, start, start_until
from shared.worktime.calendar import Calendar
from shared.worktime.days import end_of_day
from shared.worktime.limits import parse_limit

RECTIFY_DAYS: Final[Mapping[Grade, int]] = {Grade.GENERAL: 15, Grade.MAJOR: 30}
"""Where whoever finds it names no deadline: our defaults, no law says so."""
RECHECK: Final = parse_limit("168h")
"""Transferred hazards are re-checked weekly (docs/rules.md §1.5)."""
DECIDE_LISTING: Final = parse_limit("7wd")
"""国办发〔2017〕87号: the government decides on listing within seven working days."""
_LONGEST: Final = timedelta(days=366)


def rectify_until(unit: str, day: date, at: datetime, today: date, *, field: str = "rectify_by") -> TimeLimit:
    """From `at`, an instant of the local day `today`, to the end of another. Raises Invalid for a day that has passed, or
    lies more than a year ahead."""
    if not today <= day <= today + _LONGEST:
        raise HAZARD_DEADLINE_OUT_OF_RANGE(field=field)
    return start_until(unit, end_of_day(day), at)


def default_day(grade: Grade, today: date) -> date:
    return today + timedelta(days=RECTIFY_DAYS[grade])


def recheck_from(unit: str, at: datetime, calendar: Calendar) -> TimeLimit:
    return start(unit, RECHECK, at, calendar)


def decide_from(unit: str, at: datetime, calendar: Calendar) -> TimeLimit:
    return start(unit, DECIDE_LISTING, at, calendar)
