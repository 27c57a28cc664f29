"""What one cell says, as text, id, number or list. Blanks and invisible marks around it say nothing.

Excel stores every number as a float with 15 digits; an id that went through one may have lost its end.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from shared.sheets import errors
from shared.storable import FORBIDDEN

Scalar = str | int | float | bool | datetime | date | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a value: a formula's error as `shown`, or a formula that was never computed ("")."""

    shown: str


Cell = Scalar | Broken
Cells = Sequence[Cell]

CONTINUED: Final = "…（超出单元格容量，全文见“全文”工作表 · whole on the last sheet）"
"""How a cell ends whose text is longer than Excel takes. Read again it would lose the rest, so it is refused."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins with one of these would be run as a formula: Excel takes full-width signs for the others."""
_EXACT: Final = 10**15
"""Excel keeps 15 digits: whole numbers below this are as they were typed."""
_ESCAPED: Final = re.compile(r"_x000([9AaBbCcDd])_")
_LINES: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u200b": None, "\u2060": None, "\ufeff": None})
_PLAIN: Final = re.compile(rf"[^_\r\u2028\u2029\u00a0\u202f\u200b\u2060\ufeff{FORBIDDEN.pattern[1:-1]}]*")
"""Nothing to clean, and nothing that is forbidden."""
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_WHOLE_FLOAT: Final = re.compile(r"(\d+)\.0+")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_STROKES: Final = frozenset(("/", "//", "\\", "-", "--", "–", "—", "——", "―"))
_STROKE_WITHIN: Final = 6
_COUNTED: Final = re.compile(r"(?<=\d)\s*(人|户|个|具|栋|层|次|份|家|名|米|平方米|平米|m2|㎡)$")
"""What was counted stands behind the number."""
_BETWEEN: Final = re.compile(r"[、，,;；|\n]+")


def text(cell: Cell) -> str:
    """What a person reads there; line breaks of Word and Excel are `\\n`. Raises Invalid for a broken cell, and for
    characters that no form takes either."""
    if isinstance(cell, str):
        # A mark that makes Excel read text is no part of the text.
        if cell[:1] == "'" and cell.startswith(FORMULA, 1):
            cell = cell[1:]
        if cell.endswith(CONTINUED):
            raise errors.CELL_CONTINUED()
        return cell.strip() if _PLAIN.fullmatch(cell) else _storable(cleaned(cell))
    if cell is None:
        return ""
    if isinstance(cell, Broken):
        raise errors.CELL_BROKEN(shown=cell.shown) if cell.shown else errors.CELL_NOT_COMPUTED()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return str(cell)


def cleaned(told: str) -> str:
    """Without what Word, Excel and web pages leave behind: escapes, odd line breaks, blanks that are none."""
    told = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), told)
    return _LINES.sub("\n", told).translate(_BLANKS).strip()


def _storable(told: str) -> str:
    if bad := FORBIDDEN.search(told):
        raise errors.CELL_CHARACTER(code_point=f"U+{ord(bad[0]):04X}", position=bad.start() + 1)
    return told


def said(cell: Cell) -> Cell:
    """The cell; None where it only has a stroke, by which people say that there is nothing."""
    return None if isinstance(cell, str) and len(cell) < _STROKE_WITHIN and plain(cell) in _STROKES else cell


def plain(cell: Cell) -> str:
    """For comparing and reading figures: full-width forms are narrow, no blanks around."""
    told = text(cell)
    return told if told.isascii() else unicodedata.normalize("NFKC", told).strip()


def identifier(cell: Cell) -> str:
    """A number by which people call a thing: text, whatever Excel made of it. Raises Invalid when digits are lost."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT:
        raise errors.CELL_DIGITS_LOST(shown=f"{cell:.6G}")
    told = plain(cell).removeprefix("'").strip()
    if _SCIENTIFIC.fullmatch(told):
        raise errors.CELL_DIGITS_LOST(shown=told)
    return match[1] if (match := _WHOLE_FLOAT.fullmatch(told)) else told


def number(cell: Cell) -> int | float | None:
    """None when nothing is there. Raises Invalid."""
    if isinstance(cell, bool):
        raise errors.CELL_NOT_A_NUMBER()
    if isinstance(cell, int | float):
        return int(cell) if float(cell).is_integer() else cell
    told = plain(cell)
    if not told:
        return None
    told = _COUNTED.sub("", told)
    if _THOUSANDS.fullmatch(told):
        told = told.replace(",", "")
    if not _NUMBER.fullmatch(told):
        raise errors.CELL_NOT_A_NUMBER()
    value = float(told)
    return int(value) if value.is_integer() else value


def whole(cell: Cell) -> int | None:
    value = number(cell)
    if isinstance(value, float):
        raise errors.CELL_NOT_WHOLE()
    return value


def several(cell: Cell) -> tuple[str, ...]:
    """Words written one after the other, in any of the ways that lists are written."""
    return tuple(word for part in _BETWEEN.split(text(cell)) if (word := part.strip()))


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
