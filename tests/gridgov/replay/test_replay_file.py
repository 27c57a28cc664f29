"""Reading messages: what a file says is kept, and a file that cannot be used gives one line that says what to do."""

import csv
import io
import os
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gridgov.replay import file as replay_file
from gridgov.replay import workbook as replay_workbook
from gridgov.replay.file import Row, read_rows
from gridgov.replay.refusal import FileRefused

HEAD = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "点赞数"]
ROW = [188006, "A0001", "路灯坏了", "2019/2/28 11:25:05", "三盏路灯不亮", 1]
SEEN = Row(2, "188006", "路灯坏了", "三盏路灯不亮", "2019-02-28T11:25:05+08:00")


def workbook(path: Path, rows: list[list[Any]], *, above: int = 0, left: int = 0, before: str | None = None) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy/m/d hh:mm:ss"})
    if before:
        book.add_worksheet(before).write(0, 0, "说明")
    sheet = book.add_worksheet("留言")
    for number, cells in enumerate(rows):
        sheet.write_row(above + number, left, cells)
    book.close()
    return path


def sheet_file(path: Path, rows: list[list[Any]], encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read_rows(path)
    assert "\n" not in refused.value.line
    return refused.value.line


def test_a_workbook_and_a_csv_with_the_same_message_give_the_same_row_and_key(tmp_path: Path) -> None:
    from_excel = read_rows(workbook(tmp_path / "a.xlsx", [HEAD, ROW]))
    from_csv = read_rows(sheet_file(tmp_path / "a.csv", [HEAD, ROW]))
    assert from_excel == from_csv == [SEEN]
    assert from_excel[0].key == from_csv[0].key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_may_be_in_the_encodings_that_excel_writes(encoding: str, tmp_path: Path) -> None:
    assert read_rows(sheet_file(tmp_path / "a.csv", [HEAD, ROW], encoding)) == [SEEN]


@pytest.mark.parametrize("id_", [188006, 188006.0, "188006", " 188006 "])
def test_an_id_is_the_same_however_excel_stored_it(id_: object, tmp_path: Path) -> None:
    assert read_rows(workbook(tmp_path / "a.xlsx", [HEAD, [id_, *ROW[1:]]]))[0].key == SEEN.key


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("2019/2/28 11:25:05", "2019-02-28T11:25:05+08:00"),
        ("2019-02-28 9:05", "2019-02-28T09:05:00+08:00"),
        (datetime(2019, 8, 16, 9, 21, 33), "2019-08-16T09:21:33+08:00"),
        (date(2019, 8, 1), "2019-08-01T00:00:00+08:00"),
        (43524.5, "2019-02-28T12:00:00+08:00"),
        ("上个月", "上个月"),
        ("", None),
        (None, None),
        ("2019/2/30 11:25:05", "2019/2/30 11:25:05"),
    ],
)
def test_times_are_of_shanghai_and_what_is_no_time_is_left_to_the_api(
    cell: object, told: str | None, tmp_path: Path
) -> None:
    row = [*ROW[:3], cell, *ROW[4:]]
    assert read_rows(workbook(tmp_path / "a.xlsx", [HEAD, row]))[0].occurred_at == told


def test_text_keeps_its_inner_lines_and_loses_blanks_around(tmp_path: Path) -> None:
    row = [*ROW[:4], "\n\t\t第一行\n\t第二行\t\n", 0]
    assert read_rows(workbook(tmp_path / "a.xlsx", [HEAD, row]))[0].text == "第一行\n\t第二行"


def test_columns_are_found_by_name_on_any_sheet_below_and_beside_other_things(tmp_path: Path) -> None:
    head, row = HEAD[::-1], ROW[::-1]
    rows = read_rows(workbook(tmp_path / "a.xlsx", [head, row], above=3, left=2, before="封面"))
    assert rows == [Row(5, SEEN.id, SEEN.title, SEEN.text, SEEN.occurred_at)]


def test_blank_rows_are_passed_over_and_a_row_with_a_blank_text_is_not(tmp_path: Path) -> None:
    rows = read_rows(sheet_file(tmp_path / "a.csv", [HEAD, [], ["", "", "", "", "", ""], [7, "u", "", "", " ", 0]]))
    assert [(row.line, row.id, row.text) for row in rows] == [(4, "7", "")]


def test_a_title_is_cut_to_what_the_api_takes(tmp_path: Path) -> None:
    title = read_rows(workbook(tmp_path / "a.xlsx", [HEAD, [1, "u", "长" * 150, "", "字", 0]]))[0].title
    assert title == "长" * 99 + "…"


def test_a_character_that_cannot_be_stored_reaches_the_api(tmp_path: Path) -> None:
    assert read_rows(sheet_file(tmp_path / "a.csv", [HEAD, [1, "u", "t", "", "坏\0字", 0]]))[0].text == "坏\0字"


def test_other_ids_or_texts_have_other_keys() -> None:
    keys = {Row(1, "1", "t", "ab", None).key, Row(1, "1a", "t", "b", None).key, Row(1, "2", "t", "ab", None).key}
    assert len(keys) == 3
    assert Row(1, "1", "t", "x", None).key == Row(9, "1", "other", "x", "2019-02-28T11:25:05+08:00").key


def test_what_is_no_file_of_messages_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "locked.xlsx").write_bytes(locked)
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff")
    (tmp_path / "quotes.csv").write_text(",".join(HEAD) + '\n1,u,t,,"never closed\n2,u,t,,b,\n', "utf-8")
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "找不到文件" in refusal(tmp_path / "nowhere.csv")
    assert "无法读取" in refusal(tmp_path)
    assert "空文件" in refusal(tmp_path / "empty.csv")
    assert ".xls" in refusal(tmp_path / "old.xls")
    assert "密码" in refusal(tmp_path / "locked.xlsx")
    assert "编码" in refusal(tmp_path / "picture.csv")
    assert "引号" in refusal(tmp_path / "quotes.csv")
    assert "不是 Excel" in refusal(tmp_path / "other.xlsx")
    assert "没有留言" in refusal(sheet_file(tmp_path / "head.csv", [HEAD]))
    assert "留言详情" in refusal(sheet_file(tmp_path / "columns.csv", [HEAD[:4], ROW[:4]]))


def test_a_truncated_workbook_is_called_damaged(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", [HEAD, ROW]).read_bytes()
    for length in (30, len(whole) // 2, len(whole) - 10):
        (tmp_path / "cut.xlsx").write_bytes(whole[:length])
        assert "损坏" in refusal(tmp_path / "cut.xlsx")


def test_a_cell_in_the_far_corner_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "far.xlsx"))
    book.add_worksheet().write(1_048_575, 16_383, "x")
    book.close()
    assert "太大" in refusal(tmp_path / "far.xlsx")


def test_a_zip_bomb_is_refused_by_what_it_says_and_by_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_workbook, "MOST_UNPACKED", 1 << 20)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (4 << 20))
    assert "太大" in refusal(path)
    content = path.read_bytes()
    lying = content.replace((4 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != content
    path.write_bytes(lying)
    assert "损坏" in refusal(path)


def test_a_file_over_the_limit_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_file, "LARGEST", 1000)
    (tmp_path / "large.csv").write_bytes(b"x" * 1001)
    assert "MB" in refusal(tmp_path / "large.csv")


@pytest.mark.realdata
def test_the_real_messages_are_read_wholly() -> None:
    beside = Path(__file__).resolve().parents[3] / "shared" / "data" / "messages"
    path = Path(os.environ.get("GRIDGOV_DATA", beside)) / "messages.xlsx"
    if not path.exists():
        pytest.skip(f"not run: {path.name} is not there (set GRIDGOV_DATA to its folder)")
    rows = read_rows(path)
    assert len(rows) == len({row.key for row in rows}) == 4326
    assert all(row.text and row.title and row.id.isdigit() for row in rows)
    assert all(row.occurred_at and row.occurred_at.endswith("+08:00") for row in rows)
    assert max(len(row.text) for row in rows) <= 10_000
