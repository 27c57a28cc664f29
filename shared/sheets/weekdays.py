"""Days of the week in a cell, as offices write them: 周一、周三, 周一至周五, 星期六日, 1 to 7. Numbers from Monday 1."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from shared.sheets import errors
from shared.sheets.cells import Cell, several

_SIGNS: Final = {**{sign: at for at, sign in enumerate("一二三四五六日", 1)}, "天": 7}
_SIGNS_AND_DIGITS: Final = {**_SIGNS, **{str(at): at for at in range(1, 8)}}
_WORDS: Final = {"周末": (6, 7), "工作日": (1, 2, 3, 4, 5), "每天": tuple(range(1, 8)), "每日": tuple(range(1, 8))}
_NONE: Final = frozenset(("无", "无休", "不休", "不休息", "全年无休", "没有"))
_DAYS: Final = re.compile(r"每?(?:周|星期|礼拜)?")
_TO: Final = re.compile(r"[至到~-]")


def weekdays(cell: Cell) -> tuple[int, ...]:
    """The days in the week's order. Raises Invalid."""
    if isinstance(cell, str) and cell.strip() in _NONE:
        return ()
    told = several(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    return tuple(sorted({day for word in told for day in _days(unicodedata.normalize("NFKC", word))}))


def shown(days: Iterable[int]) -> str:
    """What `weekdays` reads again."""
    signs = dict(enumerate(_SIGNS, 1))
    return "、".join(f"周{signs[day]}" for day in days)


def _days(word: str) -> Sequence[int]:
    """One weekday, several without a break between them, or those from one to another."""
    if (known := _WORDS.get(word)) is not None:
        return known
    ends = [_of_signs(part.strip()) for part in _TO.split(word)]
    if len(ends) == 1:
        return ends[0]
    if len(ends) == 2 and all(len(end) == 1 for end in ends) and ends[0] <= ends[1]:
        return range(ends[0][0], ends[1][0] + 1)
    raise errors.CELL_NOT_A_WEEKDAY()


def _of_signs(told: str) -> list[int]:
    found = [_SIGNS_AND_DIGITS.get(sign) for sign in _DAYS.sub("", told, count=1)]
    if not found or None in found:
        raise errors.CELL_NOT_A_WEEKDAY()
    return [day for day in found if day]
