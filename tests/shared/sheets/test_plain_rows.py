"""Plain rows and xlsxwriter's own, row by row: a reader sees one table with every value as it was."""

import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from shared.sheets.cells import Cells
from shared.sheets.plain_rows import is_plain
from shared.sheets.write import Heading, Page, workbook_bytes

ROWS: list[list[object]] = [
    ["<甲> & 乙", 1, 2.5, None, "", "=1+1"],
    [
        "首",
        date(2026, 5, 1),
        datetime(2026, 5, 1, 10, 30, 1),
        datetime(2026, 4, 30, 23, 59, 59, tzinfo=UTC),
        None,
        None,
    ],
    ["老", date(1900, 2, 3), None, None, None, None],
    [" 前后 ", "换\n行", None, None, None, None],
    ["末", -3, 1e-7, "0012", "𠮷", "+86"],
]


def test_every_value_comes_back_whichever_way_its_row_was_written() -> None:
    assert [is_plain(row) for row in ROWS] == [True, True, False, False, True]
    page = Page("表", [Heading(str(n), note="注") for n in range(6)], ROWS)
    sheet = load_workbook(io.BytesIO(workbook_bytes([page]))).active
    found = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    wanted = [[None if cell == "" else cell for cell in row] for row in ROWS]
    wanted[1][1:4] = datetime(2026, 5, 1), datetime(2026, 5, 1, 10, 30, 1), datetime(2026, 5, 1, 7, 59, 59)
    wanted[2][1] = datetime(1900, 2, 3)
    assert found == wanted
    assert sheet.dimensions == "A1:F6"
    assert all(cell.data_type != "f" for row in sheet.iter_rows(min_row=2) for cell in row)


@pytest.mark.parametrize(
    "cells", [[True], [float("inf")], [10**15], ["a" * 32_768], ["　"], ["a\x07b"], ["_x0041_"], [date(1900, 12, 31)]]
)
def test_what_is_not_plain_goes_the_long_way(cells: Cells) -> None:
    assert not is_plain(cells)
