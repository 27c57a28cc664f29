"""Numbers that people quote (`A7-QT-20261129-000035`), however they were typed or read out.

Full-width digits, blanks, dashes of any length and small letters are one number; the last six digits find it too.
"""

import re
import unicodedata
from typing import Any, Final

import sqlalchemy as sa

_LAST: Final = 6
_UNSEEN: Final = re.compile(r"[\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]+")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212\u30fc]")
_FORM: Final = re.compile(r"([A-Z0-9]+-)+\d{8}-\d{6}|\d{6}")


def typed(told: str) -> str:
    """The number as it is printed, in capital letters."""
    return _DASHES.sub("-", _UNSEEN.sub("", unicodedata.normalize("NFKC", told))).upper()


def is_number(told: str) -> bool:
    """Whether this can be a whole number or its last six digits; else it is words."""
    return bool(_FORM.fullmatch(typed(told)))


def numbered(column: sa.ColumnElement[str], told: str, *, prefixes: tuple[str, ...] = ("",)) -> sa.ColumnElement[bool]:
    """True for the row with this number, or for all that end so where only six digits are told. `prefixes` may stand
    before it. An index of `right(number, 6)` answers both; a code in a number may have small letters."""
    number = typed(told)
    ends: sa.ColumnElement[bool] = sa.func.right(column, _LAST) == number[-_LAST:]
    if len(number) == _LAST and number.isdigit():
        return ends
    wanted: list[Any] = [f"{prefix}{number}" for prefix in prefixes]
    return ends & sa.func.upper(column).in_(wanted)
