"""Local days (Asia/Shanghai) on the wire: `YYYY-MM-DD` and nothing else, 1900 up to 2100."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic_core import PydanticCustomError

from shared.http.types import AsText, QueryModel

_FORM: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def _day(value: Any) -> date:
    try:
        if isinstance(value, str) and _FORM.fullmatch(value):
            day = date.fromisoformat(value)
            if _FIRST_YEAR <= day.year < _LAST_YEAR:
                return day
    except ValueError:
        pass  # 30 February and its like
    raise PydanticCustomError(
        "day",
        "must be a day as YYYY-MM-DD between 1900 and 2100, e.g. 2026-01-31",
        {"zh": "请写成 1900 年到 2100 年之间的日期，如 2026-01-31"},
    )


Day = Annotated[date, AsText(_day, "date", "2026-01-31")]
"""A local day as text; arrives as a date. What days make sense is for the rules to say."""


class AsOf(QueryModel):
    """`as_of`: what was true when a past local day ended; now where it is left out."""

    as_of: Day | None = None
