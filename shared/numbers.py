"""Numbers that people quote (`A7-QT-20261129-000035`), however they were typed or read out.

Full-width digits, blanks, dashes of any length and small letters are one number; the last six digits find it too, and
the short form of lists (`QT-1129-000035`: street, month and day, serial).
"""

import re
import unicodedata
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

_LAST: Final = 6
_UNSEEN: Final = re.compile(r"[\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]+")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212\u30fc]")
_SHORT: Final = re.compile(r"([A-Z0-9]+)-(\d{4}-\d{6})")
_FORM: Final = re.compile(rf"([A-Z0-9]+-)+\d{{8}}-\d{{6}}|{_SHORT.pattern}|\d{{6}}")


async def new_serials(connection: AsyncConnection, sequence: sa.Sequence, count: int, *, digits: int = 6) -> list[str]:
    """The running parts of `count` new numbers, with leading zeros; never handed out again, whatever becomes of them."""
    series = sa.func.generate_series(1, count).table_valued("at")
    rows = await connection.scalars(sa.select(sequence.next_value()).select_from(series))
    return [f"{serial:0{digits}}" for serial in rows]


def typed(told: str) -> str:
    """The number as it is printed, in capital letters."""
    return _DASHES.sub("-", _UNSEEN.sub("", unicodedata.normalize("NFKC", told))).upper()


def is_number(told: str) -> bool:
    """Whether this can be a whole number, its short form or its last six digits; else it is words."""
    return bool(_FORM.fullmatch(typed(told)))


def numbered(column: sa.ColumnElement[str], told: str, *, prefixes: tuple[str, ...] = ("",)) -> sa.ColumnElement[bool]:
    """True for the row with this number, or for all that end so where the short form or six digits are told. `prefixes`
    may stand before it. An index of `right(number, 6)` answers all; a code in a number may have small letters."""
    number = typed(told)
    ends: sa.ColumnElement[bool] = sa.func.right(column, _LAST) == number[-_LAST:]
    if len(number) == _LAST and number.isdigit():
        return ends
    if short := _SHORT.fullmatch(number):
        return ends & sa.func.upper(column).regexp_match(rf"(^|-){short[1]}-\d{{4}}{short[2]}$")
    wanted: list[Any] = [f"{prefix}{number}" for prefix in prefixes]
    return ends & sa.func.upper(column).in_(wanted)
