"""Rows of plain texts, numbers, days and instants, written as they stand in the sheet's XML: a quarter of what xlsxwriter
takes for them.

All else (control characters, blanks at the ends) goes xlsxwriter's own way; both may follow each other row by row.
Trap: this uses private parts of xlsxwriter's worksheet and formats; tests/shared/sheets/test_plain_rows.py notices when they
change.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from html import escape
from math import isfinite
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from shared.sheets.cells import Cell, Cells
from shared.sheets.times import wall_clock

_LONGEST: Final = 32_767
"""Characters that Excel takes in a cell."""
_EXACT: Final = 10**15
_DAY_ZERO: Final = date(1899, 12, 30).toordinal()
_FIRST_YEAR: Final = 1901
"""Excel counts a 29 February 1900 that never was; from here on its days are those of the calendar."""

Styles = Mapping[type, int]
"""By which number the formats of days and of instants go in the workbook."""


def styles(*, day: Any, instant: Any) -> Styles:
    """Of two formats of the workbook."""
    return {date: number_of(day), datetime: number_of(instant)}


def number_of(form: Any) -> int:
    """By which a cell names a format."""
    number: int = form._get_xf_index()  # noqa: SLF001 - what a written cell names as its format
    return number


def is_plain(cells: Cells) -> bool:
    return all(cell is None or _plain(cell) for cell in cells)


def write_plain(sheet: Any, row: int, cells: Sequence[Any], styles: Styles, forms: Mapping[int, int]) -> None:
    """Write a row of which `is_plain`; `row` is from 0, and behind all that was written before. `forms` has by column the
    number of the format of its texts and numbers, where it is not the usual one."""
    sheet._write_single_row(row)  # noqa: SLF001 - what waits is written first
    if cells:
        sheet._check_dimensions(row, len(cells) - 1)  # noqa: SLF001 - the sheet knows how large it is
    sheet.row_data_fh.write(_xml(row + 1, cells, styles, forms))


def _plain(cell: Cell) -> bool:
    if type(cell) is str:
        return cell.isprintable() and cell.strip() == cell and len(cell) <= _LONGEST and "_x" not in cell
    if type(cell) is int:
        return abs(cell) < _EXACT
    if type(cell) is datetime or type(cell) is date:
        return cell.year >= _FIRST_YEAR
    return type(cell) is float and isfinite(cell)


def _xml(number: int, cells: Sequence[Any], styles: Styles, forms: Mapping[int, int]) -> str:
    parts = [f'<row r="{number}">']
    for column, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if type(cell) is str:
            text = escape(cell, quote=False) if "&" in cell or "<" in cell or ">" in cell else cell
            form = f' s="{forms[column]}"' if column in forms else ""
            parts.append(f'<c r="{_letters(column)}{number}"{form} t="inlineStr"><is><t>{text}</t></is></c>')
        elif (style := styles.get(type(cell))) is not None:
            parts.append(f'<c r="{_letters(column)}{number}" s="{style}"><v>{_days(cell)!r}</v></c>')
        else:
            form = f' s="{forms[column]}"' if column in forms else ""
            parts.append(f'<c r="{_letters(column)}{number}"{form}><v>{cell!r}</v></c>')
    parts.append("</row>")
    return "".join(parts)


def _days(at: date) -> float:
    """Since Excel's day zero; the time of day is the fraction."""
    if not isinstance(at, datetime):
        return at.toordinal() - _DAY_ZERO
    at = wall_clock(at)
    seconds = at.hour * 3_600 + at.minute * 60 + at.second + at.microsecond / 1_000_000
    return at.toordinal() - _DAY_ZERO + seconds / 86_400


@cache
def _letters(column: int) -> str:
    return str(xl_col_to_name(column))
