"""One description gives template, import, answer and export; what one writes the others read."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest

from shared.errors import Invalid
from shared.sheets.cells import CONTINUED
from shared.sheets.columns import Column
from shared.sheets.headers import PROBLEM
from shared.sheets.ledger import Ledger
from shared.sheets.write import csv_bytes
from tests.shared.sheets.files import csv_of, ods, ods_row, ole, xls_stream, xlsx

KINDS = {"住宅": "home", "商铺": "shop"}


def check(values):
    if values["since"] and values["until"] and values["since"] > values["until"]:
        yield Invalid("dates_crossed", "止于早于始于", "it ends before it begins", field="until")


PLACES = Ledger(
    "场所台账",
    [
        Column("code", "编号", "code", "id", required=True, note="按门牌", example="001"),
        Column("name", "名称", "name", example="某某小区"),
        Column("kind", "类型", "kind", "choice", required=True, choices=KINDS, example="住宅"),
        Column("rooms", "房间数", "rooms", "whole"),
        Column("tags", "标签", "tags", "list"),
        Column("since", "始于", "since", "date"),
        Column("until", "止于", "until", "date"),
        Column("seen", "登记时间", "seen at", "instant"),
        Column("street", "街道", "street", "choice", choices={f"很长的街道名称第{n}号": str(n) for n in range(60)}),
    ],
    key=("code",),
    check=check,
)
HEAD = ["编号", "名称", "类型", "房间数", "始于", "止于"]
VALUES = {
    "code": "00123", "name": '=HYPERLINK("http://x")', "kind": "shop", "rooms": 12, "tags": ("a", "b"),
    "since": date(2026, 3, 2), "until": None, "seen": datetime(2026, 3, 2, 2, 30, tzinfo=UTC), "street": "59",
}  # fmt: skip


def test_what_is_exported_is_read_back_as_it_was():
    reading = PLACES.read(PLACES.export([VALUES, {**VALUES, "code": "2", "seen": None}]))
    assert reading.rows[0].values == VALUES
    assert not reading.refusals
    assert not reading.unread


def test_the_template_offers_choices_and_its_example_is_no_row():
    content = PLACES.template()
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["*编号", "名称", "*类型"]
    assert sheet["A2"].value == "【示例 Example】001"
    assert "按门牌" in sheet["A1"].comment.text
    assert sheet.freeze_panes == "A2"
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["C2:C1048576"] == '"住宅,商铺"'
    assert rules["I2:I1048576"].endswith("$A$1:$A$60")
    assert book["选项 choices"].sheet_state == "hidden"
    with pytest.raises(Invalid, match="sheet_without_rows"):
        PLACES.read(content)
    sheet.append(["7", "新小区", "住宅"])
    out = io.BytesIO()
    book.save(out)
    reading = PLACES.read(out.getvalue())
    assert [row.values["code"] for row in reading.rows] == ["7"]
    assert not reading.unread, "our own list of choices is nothing that was left out"


SENT = [
    ["填表说明：按门牌填写"],
    HEAD,
    ["1", "甲", "住宅", "12", "2026-01-01", ""],
    ["2", "乙", "别墅", "十二", "2026-01-01", ""],
    ["", "丙", "住宅", "", "", ""],
    ["1", "丁", "商铺", "", "", ""],
    ["4", "戊", "商铺", "1,200", "2026-02-01", "2026-01-01"],
]
PROBLEMS = [
    (4, "kind", "cell_not_a_choice"), (4, "rooms", "cell_not_a_number"), (5, "code", "cell_missing"), (6, "code", "row_repeated"),
    (7, "until", "dates_crossed"),
]  # fmt: skip


@pytest.mark.parametrize("content", [xlsx(SENT, names=["三月"]), csv_of(*SENT, delimiter=";", encoding="gb18030")])
def test_all_rows_are_checked_and_come_back_in_a_file_like_the_one_sent(content):
    reading = PLACES.read(content)
    assert [(r.line, r.field, r.code) for r in reading.refusals] == PROBLEMS
    assert reading.refusals[0].value == "别墅"
    assert reading.refusals[0].facts()["row"] == 4
    assert "第 3 行" in reading.refusals[3].zh
    assert "row 3" in reading.refusals[3].en
    assert [row.values["code"] for row in reading.rows] == ["1"]
    answer, suffix = PLACES.answer(content, reading, reading.refusals)
    if suffix == ".csv":
        rows = [row for row in csv.reader(io.StringIO(answer.decode("gb18030"), newline=""), delimiter=";") if row]
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer))["三月"]
        rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "填表说明：按门牌填写"
    assert rows[1] == [*HEAD, PROBLEM]
    assert [row[1] for row in rows[2:]] == ["乙", "丙", "丁", "戊"]
    assert "类型：只能选：住宅、商铺" in rows[2][6]
    assert "第 4 行 row 4" in rows[2][6]
    # Sent again as it is, it is refused for the same reasons, and the column of reasons does not grow.
    again = PLACES.read(answer)
    assert {r.code for r in again.refusals} >= {"cell_not_a_choice", "cell_missing", "dates_crossed"}
    assert not any(PROBLEM in unread.zh for unread in again.unread)
    twice, _ = PLACES.answer(answer, again, again.refusals)
    assert len(PLACES.read(twice).refusals) == len(again.refusals)


@pytest.mark.parametrize(
    "names",
    [
        ("一" * 31 + "甲", "一" * 31 + "乙"), ("'引号'", "b"), ("a:b", "A_B"), ("😀" * 20, "'"),
        ("一" * 30 + "'甲", "全文 Whole Texts"),
    ],
)  # fmt: skip
def test_an_answer_comes_whatever_its_sheets_are_called(names):
    """An .ods calls its sheets as it likes."""
    table = "".join(
        f'<table:table table:name="{n}">{ods_row(*HEAD)}{ods_row("1", "乙", "别墅")}</table:table>' for n in names
    )
    reading = PLACES.read(content := ods(table))
    answer, _ = PLACES.answer(content, reading, reading.refusals, all_rows=True)
    sheets = openpyxl.load_workbook(io.BytesIO(answer)).worksheets
    assert [sheet["B2"].value for sheet in sheets] == ["乙", "乙"]
    assert all(0 < len(sheet.title.encode("utf-16-le")) <= 62 for sheet in sheets)
    assert sheets[0].title[:1] == names[0].strip("'")[:1]


def test_an_answer_may_hold_all_rows():
    content = xlsx(SENT)
    reading = PLACES.read(content)
    answer, _ = PLACES.answer(content, reading, reading.refusals, all_rows=True)
    sheet = openpyxl.load_workbook(io.BytesIO(answer)).worksheets[0]
    assert sheet.max_row == len(SENT)
    assert sheet["G3"].value is None
    assert "row 4" in sheet["G4"].value


def test_what_a_stranger_typed_is_never_a_formula():
    evil = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(1)"]
    rows = [{**VALUES, "code": str(n), "name": text} for n, text in enumerate(evil)]
    content = PLACES.export(rows)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    told = csv_bytes([evil]).decode("utf-8-sig")
    assert all(cell.startswith("'") for cell in next(csv.reader(io.StringIO(told, newline=""))))
    back = PLACES.read(csv_bytes([HEAD, *([n, text, "住宅"] for n, text in enumerate(evil))]))
    assert [row.values["name"] for row in back.rows] == [text.strip() for text in evil]


@pytest.mark.parametrize(("header", "cell"), [("编号", "0\x01"), ("名称", "店\0"), ("标签", "a、\ufffeb")])
def test_characters_that_cannot_be_stored_are_refused_in_every_text(header, cell):
    row = {"编号": "1", "名称": "店", "类型": "住宅", "标签": "a"} | {header: cell}
    reading = PLACES.read(csv_of(list(row), list(row.values())))
    assert [(r.column, r.code) for r in reading.refusals] == [(header, "cell_character")]


def test_ids_and_times_are_shown_as_people_here_read_them():
    sheet = openpyxl.load_workbook(io.BytesIO(PLACES.export([VALUES]))).worksheets[0]
    assert sheet["A2"].value == "00123"
    assert sheet["F2"].value == datetime(2026, 3, 2)
    assert sheet["H2"].value == datetime(2026, 3, 2, 10, 30)
    assert sheet.column_dimensions["H"].width >= 19


def test_a_text_longer_than_a_cell_says_so_and_stands_whole_on_a_sheet_of_its_own():
    told = "长" * 40_000
    content = PLACES.export([VALUES, {**VALUES, "code": "00124", "name": told}])
    table, whole, _ = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert table["B3"].value.startswith("长" * 32_000)
    assert table["B3"].value.endswith(CONTINUED)
    assert len(table["B3"].value) == 32_767
    (row,) = whole.iter_rows(min_row=2, values_only=True)
    assert (row[0], row[1], row[2], "".join(row[3:])) == (table.title, "B3", table["B1"].value, told)
    back = PLACES.read(content)
    assert [row.values["code"] for row in back.rows] == ["00123"]
    assert [refused.code for refused in back.refusals] == ["cell_continued"]


def test_the_old_workbook_and_the_open_one_are_read_like_the_new_one():
    import struct

    from tests.shared.sheets.files import biff, ods, ods_row

    words = ["编号", "类型", "登记时间", "房间数", "001", "住宅"]
    cell = lambda row, column, n: biff(0xFD, struct.pack("<HHHI", row, column, 0, n))  # noqa: E731
    number = lambda row, column, n: biff(0x203, struct.pack("<HHHd", row, column, 0, n))  # noqa: E731
    cells = b"".join(cell(0, n, n) for n in range(4)) + cell(1, 0, 4) + cell(1, 1, 5) + number(1, 2, 44621.4375)
    cells += biff(0x205, struct.pack("<HHHBB", 1, 3, 0, 7, 1)) + cell(2, 0, 4) + cell(2, 1, 5)
    cells += biff(0x208, struct.pack("<HHHHHHI", 2, 0, 4, 255, 0, 0, 0x20))
    reading = PLACES.read(ole(xls_stream(cells, shared=words, before=biff(0x22, b"\1\0"))))
    assert [(r.line, r.field, r.value) for r in reading.refusals] == [(2, "rooms", "#DIV/0!")]
    assert any("隐藏的行：3" in unread.zh for unread in reading.unread)
    rows = ods_row("编号", "类型", "登记时间") + ods_row("001", "住宅", "2026年3月2日 10:30")
    hidden = ods_row("002", "住宅", "", more='table:visibility="filter"')
    padding = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    reading = PLACES.read(ods(f'<table:table table:name="表">{rows}{hidden}{padding}</table:table>'))
    assert [row.values["seen"].isoformat() for row in reading.rows] == ["2026-03-02T10:30:00+08:00"]
    assert any("隐藏的行：3" in unread.zh for unread in reading.unread)
