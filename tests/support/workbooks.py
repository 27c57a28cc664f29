"""Workbooks as tests send and read them."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook

Cells = Sequence[Any]


def table(*rows: Cells) -> bytes:
    """A workbook of these rows, the header first."""
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def rows_of(content: bytes) -> list[dict[str, Any]]:
    """The rows of a workbook's first sheet, by their headers."""
    header, *rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip((str(name).lstrip("*") for name in header), row, strict=True)) for row in rows]


def edited(content: bytes, row: int, cells: Mapping[str, Any]) -> bytes:
    """The workbook with these cells, by their headers, in a row of its first sheet."""
    book, out = load_workbook(io.BytesIO(content)), io.BytesIO()
    sheet = book.worksheets[0]
    places = {str(cell.value).lstrip("*"): cell.column for cell in sheet[1]}
    for name, value in cells.items():
        sheet.cell(row, places[name]).value = value
    book.save(out)
    return out.getvalue()
