"""Rows of plain texts and numbers, written as they stand in the sheet's XML: a quarter of what xlsxwriter takes for them.

All else (days, control characters, blanks at the ends) goes xlsxwriter's own way; both may follow each other row by row.
Trap: this uses three private parts of xlsxwriter's worksheet; tests/shared/sheets/test_plain_rows.py notices when they
change.
"""

from collections.abc import Sequence
from functools import cache
from html import escape
from math import isfinite
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from shared.sheets.cells import Cell, Cells

_LONGEST: Final = 32_767
"""Characters that Excel takes in a cell."""
_EXACT: Final = 10**15


def is_plain(cells: Cells) -> bool:
    return all(cell is None or _plain(cell) for cell in cells)


def write_plain(sheet: Any, row: int, cells: Sequence[Any]) -> None:
    """Write a row of which `is_plain`; `row` is from 0, and behind all that was written before."""
    sheet._write_single_row(row)  # noqa: SLF001 - what waits is written first
    if cells:
        sheet._check_dimensions(row, len(cells) - 1)  # noqa: SLF001 - the sheet knows how large it is
    sheet.row_data_fh.write(_xml(row + 1, cells))


def _plain(cell: Cell) -> bool:
    if type(cell) is str:
        return cell.isprintable() and cell.strip() == cell and len(cell) <= _LONGEST and "_x" not in cell
    if type(cell) is int:
        return abs(cell) < _EXACT
    return type(cell) is float and isfinite(cell)


def _xml(number: int, cells: Sequence[Any]) -> str:
    parts = [f'<row r="{number}">']
    for column, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if type(cell) is str:
            text = escape(cell, quote=False) if "&" in cell or "<" in cell or ">" in cell else cell
            parts.append(f'<c r="{_letters(column)}{number}" t="inlineStr"><is><t>{text}</t></is></c>')
        else:
            parts.append(f'<c r="{_letters(column)}{number}"><v>{cell!r}</v></c>')
    parts.append("</row>")
    return "".join(parts)


@cache
def _letters(column: int) -> str:
    return str(xl_col_to_name(column))
