"""Writing tables that are safe to open: what a stranger typed is never a formula, ids keep their zeros.

Times are shown in Asia/Shanghai. Workbooks are written row by row, so a large export stays small in memory.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_rowcol_to_cell

from shared.sheets.cells import CONTINUED, FORMULA, Broken, Cell, Cells
from shared.sheets.plain_rows import Styles, is_plain, number_of, styles, write_plain
from shared.sheets.times import wall_clock
from shared.sheets.workbook import CHOICES, WHOLE
from shared.storable import FORBIDDEN

Form = Literal["", "text", "number", "share", "date", "instant"]
"""How a column's cells are kept: as a text where Excel would otherwise make a number of an id that somebody touches."""
_LONGEST: Final = 32_767
"""Characters that Excel takes in a cell."""
_ROOM: Final = _LONGEST - len(CONTINUED)
_EXACT: Final = 10**15
_WIDEST, _NARROWEST = 60, 8
_MEASURED: Final = 500
"""The first rows say how wide a column is."""
_LAST_ROW: Final = 1_048_575
_INLINE_CHOICES: Final = 255
"""Characters of a drop-down that fit into the cell's rule; longer ones stand on a sheet of their own."""
_USUAL: Final = {"font_name": "Calibri", "font_size": 11, "text_wrap": True, "valign": "top"}
"""Long texts are seen whole, in higher rows."""
_LEAST: Final[Mapping[Form, int]] = {"date": 11, "instant": 20, "text": 10}
"""Of the width of a column whose first rows may be empty."""
_A4: Final = 9
_PORTRAIT: Final = 100
"""What fits across an upright page, as widths of columns go."""
_BAD_IN_NAME: Final = re.compile(rf"[\[\]:*?/\\\t\r\n]|{FORBIDDEN.pattern}")
_LONGEST_NAME: Final = 31
"""Characters of a sheet's name, as UTF-16 counts them."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A header cell with its remark, what can be chosen below it, and what is written there."""

    title: str
    note: str = ""
    choices: tuple[str, ...] = ()
    form: Form = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet. The first `examples` rows are shown as such. Without headings the rows are all there is; `marked` is the
    last word of the one among them that is the header."""

    name: str
    headings: Sequence[Heading]
    rows: Iterable[Cells]
    examples: int = 0
    marked: str = ""


@dataclass(frozen=True, slots=True)
class _Long:
    """A text that no cell holds, and where it begins: sheet, cell and what stands above."""

    sheet: str
    cell: str
    heading: str
    text: str


def workbook_bytes(pages: Iterable[Page]) -> bytes:
    """An .xlsx, a page after the other. What is longer than a cell may be says so there, and stands whole on a sheet of its
    own (WHOLE)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "default_format_properties": _USUAL}
    )
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "border_color": "#BFBFBF"}),
        "example": book.add_format({"italic": True, "font_color": "#808080", "num_format": "@"}),
        "problem": book.add_format({"font_color": "#C00000"}),
        "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "text_wrap": False}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "text_wrap": False}),
        "time": book.add_format({"num_format": "hh:mm:ss", "text_wrap": False}),
        "text": book.add_format({"num_format": "@", "text_wrap": False}),
        "share": book.add_format({"num_format": "0.0%"}), "": None, "number": None,
    }  # fmt: skip
    taken = {CHOICES.casefold(), WHOLE.casefold()}
    choices: list[tuple[str, ...]] = []
    long: list[_Long] = []
    numbered = styles(day=formats["date"], instant=formats["instant"])
    try:
        for page in pages:
            sheet = book.add_worksheet(_name_of(page, taken))
            long += _write(sheet, page, formats, numbered, choices)
        if long:
            _write_whole(book.add_worksheet(WHOLE), long, formats)
        if choices:
            _write_choices(book, choices)
    finally:
        book.close()  # also where the rows end in an error: its files would stay open
    return out.getvalue()


def _name_of(page: Page, taken: set[str]) -> str:
    """What its sheet is called: as it was, where Excel takes that, and like none of `taken`, to which it is added."""
    wanted = name = (
        _cut(_BAD_IN_NAME.sub("_", page.name).strip("'"), _LONGEST_NAME).rstrip("'") or f"Sheet{len(taken) - 1}"
    )
    again = 1
    while name.casefold() in taken:
        again += 1
        mark = f" ({again})"
        name = _cut(wanted, _LONGEST_NAME - len(mark)) + mark
    taken.add(name.casefold())
    return name


def _cut(told: str, most: int) -> str:
    return told.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def csv_bytes(rows: Iterable[Cells], *, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """Text that Excel opens as it is meant: with a byte order mark where the encoding has one."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    for row in rows:
        writer.writerow([_in_text(cell) for cell in row])
    told = out.getvalue()
    if encoding in {"utf-16-le", "utf-16-be"}:
        mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE
        return mark + told.encode(encoding, "replace")
    return told.encode("utf-8-sig" if encoding == "utf-8" else encoding, "replace")


def _in_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Broken):
        return cell.shown
    if isinstance(cell, datetime):
        return wall_clock(cell).isoformat(" ", "seconds")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else str(cell)


def _write(
    sheet: Any, page: Page, formats: dict[str, Any], numbered: Styles, choices: list[tuple[str, ...]]
) -> list[_Long]:
    """Write a sheet; what of it no cell holds."""
    if page.headings:
        _write_headings(sheet, page, formats, choices)
    writer = _Writer(sheet, page, formats, numbered)
    row = first = int(bool(page.headings))
    for row, cells in enumerate(page.rows, first):
        writer.write(row, cells, example=row < first + page.examples)
    writer.finish(row)
    return writer.long


class _Writer:
    """The rows of one sheet, and what is known of it when they are written: widths, header, what no cell holds."""

    def __init__(self, sheet: Any, page: Page, formats: dict[str, Any], numbered: Styles) -> None:
        self._sheet, self._page, self._formats, self._numbered = sheet, page, formats, numbered
        self._header = 0 if page.headings else None
        self._widths = {
            column: max(_width(one.title) + 2, _LEAST.get(one.form, 0)) for column, one in enumerate(page.headings)
        }
        self.long: list[_Long] = []
        self._look({column: one.form for column, one in enumerate(page.headings) if one.form in {"text", "share"}})

    def write(self, row: int, cells: Cells, *, example: bool) -> None:
        marked = bool(self._page.marked and cells) and cells[-1] == self._page.marked
        if marked:
            self._header = row
            self._sheet.freeze_panes(row + 1, 0)
            self._look(dict.fromkeys(range(len(cells)), "head"))
        if not example and is_plain(cells):
            write_plain(self._sheet, row, cells, self._numbered, self._numbers)
        else:
            forms = dict.fromkeys(range(len(cells)), self._formats["example"]) if example else self._forms
            _write_row(self._sheet, row, cells, self._formats, forms)
            self.long += _too_long(self._sheet, row, cells, self._page)
        if marked:
            self._look({len(cells) - 1: "problem"})
        if row <= _MEASURED:
            for column, cell in enumerate(cells):
                self._widths[column] = max(self._widths.get(column, 0), _width(cell))

    def finish(self, row: int) -> None:
        """Widths, filter and print, when `row` was the last."""
        headings = self._page.headings
        for column, width in self._widths.items():
            form = headings[column].form if column < len(headings) else ""
            # Columns to be filled in are text, or Excel eats the zeros of an id and makes what it likes of a day.
            kept = self._formats["text"] if self._page.examples and form != "number" else self._formats[form]
            self._sheet.set_column(column, column, min(max(width + 1, _NARROWEST), _WIDEST), kept)
        if self._header is not None:
            self._sheet.autofilter(self._header, 0, max(row, self._header + 1), max(self._widths))
        wide = sum(min(width + 1, _WIDEST) for width in self._widths.values()) > _PORTRAIT
        _print(self._sheet, wide=wide, head=bool(headings))

    def _look(self, forms: Mapping[int, str]) -> None:
        """In which format texts and numbers are written from here on, by column, where it is not the usual one."""
        self._forms = {column: self._formats[form] for column, form in forms.items()}
        self._numbers = {column: number_of(form) for column, form in self._forms.items()}


def _write_headings(sheet: Any, page: Page, formats: dict[str, Any], choices: list[tuple[str, ...]]) -> None:
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(page.headings):
        sheet.write_string(0, column, heading.title, formats["head"])
        if heading.note:
            lines = sum(1 + _width(line) // 36 for line in heading.note.split("\n"))
            sheet.write_comment(0, column, heading.note, {"width": 280, "height": 18 + 18 * lines})
        if heading.choices:
            sheet.data_validation(1, column, _LAST_ROW, column, _rule(heading, choices))


def _print(sheet: Any, *, wide: bool, head: bool) -> None:
    """On A4, as wide as the page, the header on each, numbered."""
    sheet.set_paper(_A4)
    if wide:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页")
    if head:
        sheet.repeat_rows(0)


def _too_long(sheet: Any, row: int, cells: Cells, page: Page) -> Iterable[_Long]:
    for column, cell in enumerate(cells):
        if isinstance(cell, str) and len(cell) > _LONGEST:
            heading = page.headings[column].title if column < len(page.headings) else ""
            yield _Long(sheet.name, xl_rowcol_to_cell(row, column), heading, cell)


def _write_row(sheet: Any, row: int, cells: Cells, formats: dict[str, Any], forms: Mapping[int, Any]) -> None:
    for column, cell in enumerate(cells):
        _write_cell(sheet, row, column, cell, formats, forms.get(column))


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any], form: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, column, wall_clock(cell), formats["instant"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["date"])
    elif isinstance(cell, time | timedelta):
        sheet.write_datetime(row, column, cell, formats["time"])
    elif isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < _EXACT:
        sheet.write_number(row, column, cell, form)
    elif isinstance(cell, float):
        # Its last digits are gone already; as a number it says so when it is read again.
        sheet.write_number(row, column, cell, form)
    else:
        shown = cell.shown if isinstance(cell, Broken) else str(cell)
        # As a string whatever it begins with. Longer ones would be left out without a word.
        sheet.write_string(row, column, shown if len(shown) <= _LONGEST else shown[:_ROOM] + CONTINUED, form)


def _write_whole(sheet: Any, long: Sequence[_Long], formats: dict[str, Any]) -> None:
    """One row per text: where it belongs, then the text in as many cells as it needs."""
    sheet.freeze_panes(1, 0)
    titles = "工作表 sheet", "单元格 cell", "列 column", "全文，依次排列 the whole text, cell by cell"
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, formats["head"])
    for row, one in enumerate(long, 1):
        parts = [one.text[at : at + _LONGEST] for at in range(0, len(one.text), _LONGEST)]
        for column, shown in enumerate((one.sheet, one.cell, one.heading, *parts)):
            sheet.write_string(row, column, shown)


def _rule(heading: Heading, choices: list[tuple[str, ...]]) -> dict[str, Any]:
    source: Any = list(heading.choices)
    if len(",".join(heading.choices)) > _INLINE_CHOICES or any("," in words for words in heading.choices):
        letter = xl_col_to_name(len(choices), col_abs=True)
        source = f"={quote_sheetname(CHOICES)}!{letter}$1:{letter}${len(heading.choices)}"
        choices.append(heading.choices)
    return {
        "validate": "list", "source": source, "error_title": "请从列表中选择 · choose",
        "error_message": "请从下拉列表中选择 · choose from the list",
    }  # fmt: skip


def _write_choices(book: Any, choices: Sequence[tuple[str, ...]]) -> None:
    sheet = book.add_worksheet(CHOICES)
    for row in range(max(map(len, choices))):
        for column, words in enumerate(choices):
            if row < len(words):
                sheet.write_string(row, column, words[row])
    sheet.hide()


def _width(cell: Cell) -> int:
    """In halves of a Chinese character, up to what a column may be wide."""
    if isinstance(cell, datetime):
        return 19
    shown = str(cell if cell is not None else "")[:_WIDEST]
    return len(shown) if shown.isascii() else sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in shown)
