"""The sheets of a workbook (.xlsx, .xls, .xlsb, .ods) as a person sees them: visible ones in order, merged cells filled.

What kind of file it is is told by its content, since suffixes lie. Nothing is built before it was measured.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from shared.sheets import errors, limits, ods, xls, xlsb, xlsx
from shared.sheets.cells import Cell, Cells, is_blank
from shared.sheets.parts import opened
from shared.sheets.xlsx import Marks

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
CHOICES = "选项 choices"
"""The sheet of our own templates that holds what the drop-downs offer."""
WHOLE = "全文 whole texts"
"""The sheet of our own exports that holds what no cell of Excel does. It is no table, and is not read."""
NOTES: Final = "填写说明 notes"
"""The sheet of our own templates that says how to fill them in; neither is it."""


@dataclass(slots=True)
class Sheet:
    """One visible sheet. What is hidden in it is known once its `rows` have been read."""

    name: str
    zero: datetime
    rows: Iterator[tuple[int, Cells]]
    """With the row numbers from 1 that Excel shows."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    """Those with something in them, as letters."""
    hidden_words: list[str] = field(default_factory=list)
    """What stands first in each hidden column: most often its header."""


def sheets(content: bytes) -> tuple[list[str], Iterator[Sheet]]:
    """Names of the hidden sheets, and the visible ones one after the other. Raises Invalid, TooLarge."""
    marks, zero = _measured(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise errors.SHEET_PROTECTED() from error
    except (CalamineError, OSError, ValueError) as error:
        raise errors.SHEET_DAMAGED() from error
    tables = [one for one in book.sheets_metadata if one.typ in (SheetTypeEnum.WorkSheet, SheetTypeEnum.MacroSheet)]
    if len(tables) > limits.MOST_SHEETS:
        raise errors.too_many_cells()
    hidden = [s.name for s in tables if s.visible != SheetVisibleEnum.Visible and s.name != CHOICES]
    visible = [s.name for s in tables if s.visible == SheetVisibleEnum.Visible and s.name not in {WHOLE, NOTES}]
    return hidden, (_sheet(book, name, marks, zero) for name in visible)


def _measured(content: bytes) -> tuple[dict[str, Marks], datetime]:
    if content.startswith(OLE):
        return xls.marks(content)
    with opened(content) as archive:
        names = {name.lower() for name in archive.namelist()}
        kinds = [read for part, read in _KINDS.items() if part in names]
        if len(kinds) != 1:
            raise errors.SHEET_KIND_UNKNOWN()
        return kinds[0](archive)


_KINDS = {"xl/workbook.xml": xlsx.marks, "xl/workbook.bin": xlsb.marks, "content.xml": ods.marks}


def _sheet(book: CalamineWorkbook, name: str, marks: dict[str, Marks], zero: datetime) -> Sheet:
    try:
        table = book.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        raise errors.SHEET_DAMAGED() from error
    if name not in marks:
        raise errors.SHEET_DAMAGED()
    if table.end is not None and (table.end[0] + 1) * (table.end[1] + 1) > limits.MOST_CELLS:
        raise errors.too_many_cells()  # one row far below is told after all the empty ones above it
    sheet = Sheet(name, zero, iter(()))
    sheet.rows = _rows(table, marks[name], sheet)
    return sheet


def _rows(table: CalamineSheet, marks: Marks, sheet: Sheet) -> Iterator[tuple[int, Cells]]:
    left, width = (table.start[1] if table.start else 0), table.width
    merged = _Merged([*(table.merged_cell_ranges or ()), *marks.merged])
    broken: dict[int, list[int]] = {}
    for row, column in marks.broken:
        broken.setdefault(row, []).append(column)
    hidden = sorted(
        {column for told in marks.hidden_columns for column in range(told.start, min(told.stop, left + width))}
    )
    for row, told in enumerate(table.iter_rows()):
        cells: list[Cell] = [*([""] * left), *told]
        for column in broken.get(row, ()):
            if column < len(cells):
                cells[column] = marks.broken[row, column]
        merged.fill(row, cells)
        if row not in marks.hidden_rows:
            _hide(cells, hidden, sheet)
            yield row + 1, cells
        elif not all(map(is_blank, cells)):
            sheet.hidden_rows.append(row + 1)


def _hide(cells: list[Cell], columns: Sequence[int], sheet: Sheet) -> None:
    for column in columns:
        if not is_blank(cells[column]):
            if (letter := letters(column)) not in sheet.hidden_columns:
                sheet.hidden_columns.append(letter)
                sheet.hidden_words.append(str(cells[column])[:30])
            cells[column] = ""


class _Merged:
    """Gives what was merged downwards to each of its rows; what was merged to the right is said once."""

    def __init__(self, ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self._from: dict[int, list[tuple[int, int]]] = {}
        for (top, column), (bottom, _) in ranges:
            if bottom > top:
                self._from.setdefault(top, []).append((column, bottom))
        self._reaching: dict[int, tuple[int, Cell]] = {}

    def fill(self, row: int, cells: list[Cell]) -> None:
        for column, (bottom, value) in list(self._reaching.items()):
            if row > bottom:
                del self._reaching[column]
            elif column < len(cells) and is_blank(cells[column]):
                cells[column] = value
        for column, bottom in self._from.get(row, ()):
            if column < len(cells):
                self._reaching[column] = (bottom, cells[column])


def letters(column: int) -> str:
    """The name of a column, from 0: A, B, … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
