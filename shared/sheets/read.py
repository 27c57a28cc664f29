"""Any table a clerk has, opened: its visible sheets in order, with row numbers as shown, and what is not read.

Workbooks (.xlsx, .xls, .xlsb, .ods) and text tables look the same afterwards. Suffixes are not looked at.
"""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.sheets import apart, errors, limits, text, workbook
from shared.sheets.cells import Cells, is_blank
from shared.sheets.times import SINCE_1900
from shared.sheets.workbook import Sheet

_OTHER = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"\x7fELF",
    b"MZ",
)


_WEB = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"<head", b"<style", b"mime-ver")
"""What systems on the web call .xls and Excel opens with a warning."""


@dataclass(frozen=True, slots=True)
class Book:
    """`sheets` are read once, in order. `written` says how a text table was written; None for a workbook."""

    sheets: Iterator[Sheet]
    hidden: tuple[str, ...]
    """Names of sheets that a person does not see."""
    written: text.Written | None


def content_of(path: Path) -> bytes:
    """The bytes of a file, at most what is read at all. Raises NotFound, Invalid, TooLarge."""
    try:
        with path.open("rb") as stream:
            # One byte more than allowed: a pipe or a device tells no size beforehand.
            return stream.read(limits.MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise errors.FILE_MISSING(path=path) from error
    except OSError as error:
        raise errors.FILE_UNREADABLE(path=path, why=error.strerror) from error


def opened(content: bytes, known: Callable[[Cells], int]) -> Book:
    """`known` says how many headers that are looked for a row holds. Raises Invalid, TooLarge."""
    if len(content) > limits.MOST_BYTES:
        raise errors.too_many_bytes()
    if not content.strip():
        raise errors.SHEET_EMPTY()
    if content.startswith((workbook.OLE, workbook.ZIP)):
        hidden, sheets = apart.sheets(content)
        return Book(sheets, tuple(hidden), None)
    if content.removeprefix(codecs.BOM_UTF8).lstrip()[:9].lower().startswith(_WEB):
        raise errors.SHEET_OF_THE_WEB()
    if content.startswith(_OTHER):
        raise errors.SHEET_KIND_UNKNOWN()
    written, rows = text.read(content, known)
    return Book(iter([Sheet("", SINCE_1900, rows)]), (), written)


def filled(rows: Iterator[tuple[int, Cells]], counted: "Rows") -> Iterator[tuple[int, Cells]]:
    """The rows with something in them."""
    for row, cells in rows:
        if len(cells) > limits.MOST_COLUMNS:
            raise errors.too_many_cells()
        if not all(map(is_blank, cells)):
            counted.one_more()
            yield row, cells


class Rows:
    """Counts the rows of all sheets together. Raises TooLarge."""

    def __init__(self) -> None:
        self._count = 0

    def one_more(self) -> None:
        self._count += 1
        if self._count > limits.MOST_ROWS:
            raise errors.too_many_cells()
