"""The binary workbook (.xlsb), made by hand, is read as the others are, or refused."""

import struct

import pytest

from shared.errors import GridGovError
from shared.sheets import limits
from tests.shared.sheets.files import (
    HEAD,
    MESSAGES,
    row,
    xlsb,
    xlsb_record,
    xlsb_row,
    xlsb_shared,
    xlsb_table,
)

HIDE_B = xlsb_record(390) + xlsb_record(60, struct.pack("<IIIIH", 1, 1, 2000, 0, 1)) + xlsb_record(391)
NOON_OF_MARCH_2 = 46083.5


def refused(content: bytes) -> str:
    with pytest.raises(GridGovError) as error:
        MESSAGES.read(content)
    return error.value.code


def test_what_a_person_sees_is_read_and_the_rest_is_named() -> None:
    march = xlsb_table(
        xlsb_row(0, *HEAD),
        xlsb_row(1, *row("1", NOON_OF_MARCH_2)),
        xlsb_row(2, *row("2"), hidden=True),
        xlsb_row(3, *row("3")),
        columns=HIDE_B,
    )
    reading = MESSAGES.read(xlsb({"三月": march, "底稿": xlsb_table(xlsb_row(0, *HEAD))}, hidden=["底稿"]))
    assert [(one.line, one.values["number"], one.values["at"].isoformat()) for one in reading.rows] == [
        (2, "1", "2026-03-02T12:00:00+08:00"),
        (4, "3", "2026-03-02T10:00:00+08:00"),
    ]
    assert [unread.zh for unread in reading.unread] == [
        "隐藏的工作表“底稿”",
        "工作表“三月”隐藏的行：3",
        "工作表“三月”隐藏的列：B 留言用户",
    ]


def test_texts_that_cells_share_and_merged_cells() -> None:
    shared = ["泉塘街道路灯不亮。"]
    rows = [xlsb_row(0, *HEAD), xlsb_row(1, *row("1", text=0)[:4]) + xlsb_shared(4, 0), xlsb_row(2, *row("2", text=""))]
    content = xlsb({"s": xlsb_table(*rows, merged=[(1, 2, 4, 4)])}, shared=shared)
    assert [one.values["text"] for one in MESSAGES.read(content).rows] == shared * 2


def test_days_are_counted_from_1904_where_the_book_says_so() -> None:
    table = xlsb_table(xlsb_row(0, *HEAD), xlsb_row(1, *row("1", NOON_OF_MARCH_2 - 1462)))
    (one,) = MESSAGES.read(xlsb({"s": table}, since_1904=True)).rows
    assert one.values["at"].isoformat() == "2026-03-02T12:00:00+08:00"


def test_a_formula_that_failed_refuses_its_row() -> None:
    reading = MESSAGES.read(xlsb({"s": xlsb_table(xlsb_row(0, *HEAD), xlsb_row(1, "1", "U", "路灯", "", None))}))
    (refusal,) = reading.refusals
    assert (refusal.code, refusal.field, refusal.value) == ("cell_broken", "text", "#N/A")


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(xlsb_row(0, *HEAD)[:-3], id="ends within a record"),
        pytest.param(xlsb_record(0, b"\1"), id="a row too short"),
        pytest.param(xlsb_record(0, bytes(17)) + xlsb_record(7, bytes(8)), id="no number of a shared text"),
        pytest.param(xlsb_record(0, bytes(17)) + xlsb_shared(0, 9), id="a shared text that is not there"),
        pytest.param(b"\x80", id="half a number"),
    ],
)
def test_what_is_damaged_is_refused(part: bytes) -> None:
    assert refused(xlsb({"s": xlsb_record(145) + part})) == "sheet_damaged"


def test_a_small_file_that_would_become_large_is_refused() -> None:
    """One text shared by many cells: the reader would build it as often."""
    text = "长" * 30_000
    cells = b"".join(xlsb_row(line) + b"".join(xlsb_shared(column, 0) for column in range(10)) for line in range(3000))
    content = xlsb({"s": xlsb_record(145) + cells + xlsb_record(146)}, shared=[text])
    assert len(content) < limits.MOST_BYTES / 10
    assert refused(content) == "sheet_too_large"
