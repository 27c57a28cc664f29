"""The messages in a table: which rows there are, what is sent of each, and by which key it is known again."""

import csv
import io
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gridgov.replay.client import body_of
from gridgov.replay.file import MESSAGES, Row, read_file, write_refused
from gridgov.replay.refusal import FileRefused

HEAD = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "点赞数"]
ROW = [188006, "A0001", "路灯坏了", "2019/2/28 11:25:05", "三盏路灯不亮", 1]
SEEN = Row(2, "188006", "路灯坏了", "三盏路灯不亮", "2019-02-28T11:25:05+08:00")


def rows_of(path: Path) -> list[Row]:
    return list(read_file(path).rows)


def workbook(path: Path, rows: list[list[Any]], **options: Any) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy/m/d hh:mm:ss", **options})
    sheet = book.add_worksheet()
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
    book.close()
    return path


def sheet_file(path: Path, rows: list[list[Any]], encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read_file(path)
    assert "\n" not in refused.value.line
    return refused.value.line


def test_a_workbook_and_a_csv_with_the_same_message_give_the_same_key(tmp_path: Path) -> None:
    (excel,) = rows_of(workbook(tmp_path / "a.xlsx", [HEAD, ROW]))
    (text,) = rows_of(sheet_file(tmp_path / "a.csv", [HEAD, ROW], "gb18030"))
    assert text == SEEN
    assert excel.key == text.key == SEEN.key


@pytest.mark.parametrize(
    "at", ["2019-02-28 11:25:05.0", "2019年2月28日 11:25:05", datetime(2019, 2, 28, 11, 25, 5), "2019-02-28T03:25:05Z"]
)
@pytest.mark.parametrize("id_", [188006, "188006", " １８８００６ "])
def test_a_message_is_known_again_however_its_number_and_time_were_written(
    at: object, id_: object, tmp_path: Path
) -> None:
    (row,) = rows_of(workbook(tmp_path / "a.xlsx", [HEAD, [id_, "u", "路灯坏了", at, *ROW[4:]]]))
    assert row.key == SEEN.key


def test_what_makes_another_message() -> None:
    same = {"id": "1", "title": "t", "text": "x", "occurred_at": None, "address": ""}

    def key(**other: Any) -> str:
        return Row(9, **{**same, **other}).key

    others = [key(), key(id="2"), key(text="y"), key(occurred_at="2026-03-02T10:00:00+08:00"), key(address="甲")]
    nameless = [key(id=""), key(id="", turn=1), key(id="", title="other"), key(id="", address="甲")]
    assert len({*others, *nameless}) == 9
    assert key(title="other") == key(turn=1) == key()


def test_rows_without_a_number_are_counted_where_they_are_the_same(tmp_path: Path) -> None:
    rows = [["", "u", "题", "", "停电", 0]] * 3 + [["7", "u", "题", "", "停电", 0]] * 2
    read = rows_of(workbook(tmp_path / "a.xlsx", [HEAD, *rows]))
    assert [row.turn for row in read] == [0, 1, 2, 0, 0]
    assert len({row.key for row in read}) == 4


def test_a_title_is_cut_to_what_the_api_takes(tmp_path: Path) -> None:
    (row,) = rows_of(workbook(tmp_path / "a.xlsx", [HEAD, [1, "u", "长" * 150, "", "字", 0]]))
    assert row.title == "长" * 99 + "…"


def test_a_character_that_the_api_refuses_is_refused_at_its_row(tmp_path: Path) -> None:
    file = read_file(sheet_file(tmp_path / "a.csv", [HEAD, [1, "u", "t", "", "坏\0字", 0], [2, *ROW[1:]]]))
    assert [row.id for row in file.rows] == ["2"]
    [refused] = file.reading.refusals
    assert (refused.line, refused.code) == (2, "cell_character")


@pytest.mark.parametrize(
    "head",
    [
        ["工单编号", "诉求标题", "诉求时间", "诉求内容", "诉求地点"],
        ["工单号", "工单标题", "受理时间", "内容描述", "事发地址"],
        ["流水号", "来电主题", "来电日期", "反映内容", "详细地址"],
        ["信件编号", "信件标题", "来信时间", "信件内容", "地点"],
        ["編號", "標題", "發生時間", "問題描述", "位置"],
        ["ID", "title", "time", "text", "place"],
    ],
)
def test_exports_of_boards_and_hotlines_are_recognised(head: list[str], tmp_path: Path) -> None:
    (row,) = rows_of(workbook(tmp_path / "a.xlsx", [head, ["A1", "路灯", "2026/3/2 10:00", "路灯不亮", "甲社区"]]))
    assert (row.id, row.title, row.text, row.address) == ("A1", "路灯", "路灯不亮", "甲社区")
    assert row.occurred_at == "2026-03-02T10:00:00+08:00"


def test_what_cannot_be_used_says_why_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    assert "找不到文件" in refusal(tmp_path / "nowhere.csv")
    assert "无法读取" in refusal(tmp_path)
    assert "空的" in refusal(tmp_path / "empty.csv")
    assert "没有数据" in refusal(sheet_file(tmp_path / "head.csv", [HEAD]))
    assert "留言详情" in refusal(sheet_file(tmp_path / "columns.csv", [HEAD[:4], ROW[:4]]))


def test_refused_rows_are_written_where_a_file_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked, here = tmp_path / "gone", tmp_path / "here"
    locked.mkdir()
    here.mkdir()
    file = read_file(workbook(locked / "a.xlsx", [HEAD, [1, "u", "t", "昨天上午", "x", 0]]))
    (locked / "a.xlsx").unlink()
    locked.rmdir()  # root may write anywhere but into a folder that is gone
    monkeypatch.chdir(here)
    written = write_refused(file, file.reading.refusals)
    assert written == Path("a.refused.xlsx")
    assert MESSAGES.read((here / "a.refused.xlsx").read_bytes()).refusals[0].code == "cell_not_a_time"


@pytest.mark.realdata
def test_the_real_messages_are_read_wholly() -> None:
    beside = Path(__file__).resolve().parents[4] / "shared" / "data" / "messages"
    path = Path(os.environ.get("GRIDGOV_DATA", beside)) / "messages.xlsx"
    if not path.exists():
        pytest.skip(f"not run: {path.name} is not there (set GRIDGOV_DATA to its folder)")
    file = read_file(path)
    assert not file.reading.refusals
    assert len(file.rows) == len({row.key for row in file.rows}) == 4326
    assert all(row.text and row.title and row.id.isdigit() for row in file.rows)
    assert all(row.occurred_at and row.occurred_at.endswith("+08:00") for row in file.rows)
    assert max(len(row.text) for row in file.rows) <= 10_000


def test_a_position_is_sent_with_its_coordinate_system_where_the_file_says_it(tmp_path: Path) -> None:
    head = [*HEAD, "经度", "纬度", "坐标系"]
    told = [
        (112.98, 28.2, "火星坐标"),
        ("112.98", "28.20", "gcj-02"),
        (112.98, 28.2, ""),
        (112.98, "", "GCJ-02"),
        ("", "", ""),
    ]
    path = sheet_file(tmp_path / "a.csv", [head, *([*ROW, *three] for three in told)])
    rows = rows_of(path)
    point = {"longitude": 112.98, "latitude": 28.2}
    assert [body_of(row).get("point") for row in rows] == [
        {**point, "system": "GCJ-02"},
        {**point, "system": "GCJ-02"},
        point,
        None,
        None,
    ]
    assert rows[0].key == rows[1].key
    assert len({row.key for row in rows}) == 3
    assert rows[-1].key == SEEN.key


def test_an_unknown_coordinate_system_refuses_its_row_and_names_those_there_are(tmp_path: Path) -> None:
    path = sheet_file(tmp_path / "a.csv", [[*HEAD, "经度", "纬度", "坐标系"], [*ROW, 112.98, 28.2, "西安80"]])
    (refused,) = read_file(path).reading.refusals
    assert refused.field == "system"
    assert "GCJ-02" in refused.zh
