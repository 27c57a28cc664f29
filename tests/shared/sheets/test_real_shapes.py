"""Files of the shapes that offices have: each is read whole with the right values, or refused with what to do."""

import io
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from shared.errors import GridGovError
from shared.sheets import errors
from shared.sheets.columns import YES_NO, Column
from shared.sheets.ledger import Ledger
from tests.shared.sheets.files import HEAD, MESSAGES, csv_of, row, xlsx

TEN = "2026-03-02T10:00:00+08:00"


def read(content: bytes, **options):
    return MESSAGES.read(content, **options)


def values(content: bytes, name: str = "text") -> list[object]:
    return [row.values[name] for row in read(content).rows]


def refused(content: bytes) -> GridGovError:
    with pytest.raises(GridGovError) as error:
        read(content)
    assert error.value.zh
    assert error.value.en.isascii() or "“" in error.value.en or "留言" in error.value.en
    return error.value


def test_every_sheet_that_a_person_sees_is_read_in_order_and_named():
    months = [[HEAD, row(f"M{m}-1"), row(f"M{m}-2")] for m in (1, 2, 3)]
    reading = read(xlsx(*months, names=["1月", "2月", "3月"]))
    assert [(sheet.name, sheet.rows) for sheet in reading.sheets] == [("1月", 2), ("2月", 2), ("3月", 2)]
    assert [(row.sheet, row.line, row.values["number"]) for row in reading.rows][::3] == [
        ("1月", 2, "M1-1"), ("2月", 3, "M2-2"),
    ]  # fmt: skip
    assert reading.sheets[0].taken == {"number": "留言编号", "title": "留言主题", "at": "留言时间", "text": "留言详情"}
    assert next(unread.zh for unread in reading.unread) == "工作表“1月”其他列：留言用户"


def test_what_is_hidden_empty_or_no_such_table_is_not_read_and_named():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    cover = book.add_worksheet("说明")
    cover.write(0, 0, "请按要求填写")
    sheet = book.add_worksheet("三月")
    for line, cells in enumerate([[*HEAD, "备注"], row(1), row(2), row(3)]):
        sheet.write_row(line, 0, cells)
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(1, 1, None, None, {"hidden": True})
    book.add_worksheet("空表")
    draft = book.add_worksheet("底稿")
    draft.write_row(0, 0, HEAD)
    draft.hide()
    book.close()
    reading = read(out.getvalue())
    assert [row.values["number"] for row in reading.rows] == ["1", "3"]
    assert [unread.zh for unread in reading.unread] == [
        "隐藏的工作表“底稿”",
        "工作表“说明”（没有要找的列）",
        "工作表“三月”隐藏的行：3",
        "工作表“三月”隐藏的列：B 留言用户",
        "工作表“三月”其他列：备注",
        "空的工作表“空表”",
    ]
    assert "hidden sheet “底稿”" in reading.unread[0].en


def test_a_sheet_that_lacks_a_required_column_is_not_left_out_silently():
    error = refused(xlsx([HEAD, row(1)], [HEAD[:4], row(2)[:4]], names=["一", "二"]))
    assert error.code == "columns_missing"
    assert "二" in error.zh
    assert "留言详情" in error.zh


def test_a_hidden_column_that_is_wanted_is_named_where_it_is_missed():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("s")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, row(1))
    sheet.set_column(4, 4, None, None, {"hidden": True})
    book.close()
    assert "取消隐藏" in refused(out.getvalue()).zh


def test_a_time_merged_over_rows_belongs_to_each_of_them():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("s")
    sheet.merge_range(0, 0, 1, 0, "留言编号")
    sheet.merge_range(0, 2, 0, 4, "留言")
    sheet.write_row(1, 1, HEAD[1:])
    for n in range(3):
        sheet.write_row(2 + n, 0, [f"G-{n}", "U", f"垃圾{n}", None, f"第{n}处"])
    sheet.merge_range(2, 3, 4, 3, "2026/3/2 10:00:00")
    sheet.write_row(5, 0, ["G-9", "U", "垃圾", None, "另一处"])
    book.close()
    reading = read(out.getvalue())
    assert [str(row.values["at"])[:19] for row in reading.rows] == ["2026-03-02 10:00:00"] * 3 + ["None"]
    assert [row.line for row in reading.rows] == [3, 4, 5, 6]


def test_ids_are_text_however_excel_kept_them_and_lost_digits_are_refused():
    ids = [188006, 1.59001810629457e17, "00123", " 188006 ", 1.5e21, "１２３４５", "12345.0", "1.59E+17", "'00456"]
    reading = read(xlsx([HEAD, *(row(id_) for id_ in ids)]))
    assert [row.values["number"] for row in reading.rows] == ["188006", "00123", "188006", "12345", "12345", "00456"]
    assert [(r.line, r.field, r.column, r.code) for r in reading.refusals] == [
        (line, "number", "留言编号", "cell_digits_lost") for line in (3, 6, 9)
    ]
    assert "文本" in reading.refusals[0].zh


def test_an_id_that_a_csv_keeps_as_text_by_a_formula_is_read_as_it_is():
    told = ['="00123"', '"=""430102199003071234"""', "\t00456", '="a"&B1']
    content = csv_of(HEAD, *(row(id_) for id_ in told))
    assert values(content, "number") == ["00123", "430102199003071234", "00456", '="a"&B1']


def test_what_word_and_web_pages_leave_in_texts_is_gone_and_characters_are_kept():
    told = ["夜间噪音。\x0b请处理。", "夜间噪音_x000D_请处理。", "街道\u2028夜间\u00a0噪音😡𠮷\u200b", "a\r\nb\rc"]
    content = csv_of(HEAD, *(row("1", text=f'"{text}"') for text in told), encoding="utf-8-sig")
    assert values(content) == ["夜间噪音。\n请处理。", "夜间噪音\n请处理。", "街道\n夜间 噪音😡𠮷", "a\nb\nc"]


TWO = [
    ["V-1", "U", "路灯", "2026/3/2 10:00:00", '"路灯不亮,影响出行;请\t处理"'],
    ["V-2", "U", "积水", "2026/3/2 11:00:00", '"积水\n很深"'],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("above", ["", "2026年3月,泉塘街道;民情,汇总表\r\n\r\n"])
def test_text_tables_are_read_in_any_encoding_with_any_delimiter_below_a_title(encoding, delimiter, above):
    reading = read(csv_of(HEAD, *TWO, delimiter=delimiter, encoding=encoding, above=above))
    assert [row.values["text"] for row in reading.rows] == ["路灯不亮,影响出行;请\t处理", "积水\n很深"]
    assert [row.line for row in reading.rows] == ([4, 5] if above else [2, 3])
    assert next(row.values["at"].isoformat() for row in reading.rows) == TEN


def test_lines_above_the_header_are_named_as_not_read():
    above = '2026年3月汇总\r\n"填表：张三",2026-03-31\r\n'
    told = [unread.zh for unread in read(csv_of(HEAD, *TWO, delimiter=",", above=above)).unread]
    assert told[0] == "表格表头之上的行：1 2026年3月汇总、2 填表：张三"


def test_a_table_of_taiwan_in_big5_is_read_and_one_in_gb18030_still_is():
    head = ["留言編號", "留言用戶", "留言主題", "留言時間", "留言詳情"]
    told = ["V-1", "U", "路燈不亮", "2026/3/2 10:00:00", "路燈不亮，請處理"]
    for encoding in ("big5", "gb18030"):
        reading = read(csv_of(head, told, delimiter=",", encoding=encoding))
        assert reading.rows[0].values["text"] == "路燈不亮，請處理", encoding


def test_the_first_line_that_excel_writes_for_the_delimiter_is_obeyed():
    assert len(read(csv_of(HEAD, *TWO, delimiter=";", above="sep=;\r\n")).rows) == 2


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", "UTF-8"), ("gb18030", "GB18030")])
def test_one_bad_byte_is_named_by_its_line(encoding, shown):
    content = csv_of(HEAD, *TWO, encoding=encoding).replace(
        "\n很深".encode(encoding), b"\n\xff" + "很深".encode(encoding)
    )
    error = refused(content)
    assert (error.code, error.data["line"]) == ("sheet_byte_invalid", 4)
    assert shown in error.zh


@pytest.mark.parametrize(
    "head",
    [
        ["工单编号", "x", "诉求标题", "诉求时间", "诉求内容"],
        ["留言編號", "留言用戶", "留言主題", "留言時間", "留言詳情"],
        ["留言编号 ", "u", "留言主题\u200b", "【留言时间】", "*留言详情（必填）："],
        ["１、留言编号", "u", "2.留言主题", "留言 时间", "留言\n详情"],
        ["NUMBER", "u", "Title", "time", "Text"],
    ],
)
def test_headers_in_other_words_are_recognised_and_shown_as_they_stand(head):
    reading = read(xlsx([head, row("A1")]))
    assert reading.rows[0].values["number"] == "A1"
    assert reading.rows[0].values["at"].isoformat() == TEN
    assert set(reading.sheets[0].taken) == {"number", "title", "at", "text"}


def test_a_mapping_wins_and_says_what_it_does_not_find():
    content = xlsx([["序号", *HEAD[1:], "备注"], [*row("A1"), "真正的内容"]])
    reading = read(content, columns={"序号": "number", "备注": "text"})
    assert (reading.rows[0].values["number"], reading.rows[0].values["text"]) == ("A1", "真正的内容")
    assert any("留言详情" in unread.zh for unread in reading.unread)
    with pytest.raises(GridGovError, match="no “nothing”"):
        read(content, columns={"序号": "nothing"})
    with pytest.raises(GridGovError, match="“没有”"):
        read(content, columns={"没有": "text"})


def test_two_columns_that_are_as_good_are_refused():
    assert refused(xlsx([[*HEAD, "留言详情"], [*row(1), "另一个"]])).code == "column_repeated"


def test_both_date_systems_with_and_without_format():
    cells = [datetime(2026, 3, 2, 10, 0), 44621.4375]
    assert [str(at) for at in values(xlsx([HEAD, *(row(1, at) for at in cells)], date_1904=True), "at")] == [
        "2026-03-02 10:00:00+08:00", "2026-03-02 10:30:00+08:00",
    ]  # fmt: skip
    cells = [datetime(2026, 3, 2, 10, 0), 46083.4375]
    assert [str(at) for at in values(xlsx([HEAD, *(row(1, at) for at in cells)]), "at")] == [
        "2026-03-02 10:00:00+08:00", "2026-03-02 10:30:00+08:00",
    ]  # fmt: skip


def test_a_formulas_error_and_one_never_computed_are_refused_and_not_taken_for_nothing():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("s")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, row(1))
    sheet.write_formula(1, 4, "=1/0", None, "#DIV/0!")
    sheet.write_row(2, 0, row(2))
    sheet.write_formula(2, 4, '="a"&"b"', None, "ab")
    book.close()
    reading = read(out.getvalue())
    assert [(r.line, r.code, r.value) for r in reading.refusals] == [(2, "cell_broken", "#DIV/0!")]
    assert reading.rows[0].values["text"] == "ab"
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append([*row(1)[:4], '="a"&"b"'])
    out = io.BytesIO()
    book.save(out)
    assert [r.code for r in read(out.getvalue()).refusals] == ["cell_not_computed"]


def test_a_header_printed_again_on_each_page_is_no_row():
    assert len(read(xlsx([HEAD, row(1), HEAD, row(2)])).rows) == 2


def test_blank_rows_count_in_the_numbers_and_are_no_rows():
    reading = read(xlsx([["汇总"], [], HEAD, [], row(1), ["", " "], row(2)]))
    assert [row.line for row in reading.rows] == [5, 7]
    assert read(xlsx([HEAD, row(1), row(2), row(3)]), most=2).sheets[0].rows == 2


PLACES = Ledger(
    "场所",
    [
        Column("name", "名称", "name", required=True, synonyms=("单位名称",)),
        Column("unit", "网格编码", "unit", "unit", required=True),
        Column("area", "面积", "area", "number"),
        Column("key", "重点单位", "key", "choice", choices=YES_NO),
        Column("keeper", "负责人", "keeper"),
        Column("keeper_phone", "负责人电话", "keeper phone", "id"),
        Column("manager", "管理人", "manager"),
        Column("manager_phone", "管理人电话", "manager phone", "id"),
    ],
)


def test_a_printed_ledger_is_read_as_a_person_reads_it():
    """A title, a header of two rows with people and their phones, a village merged down, sums and remarks below."""
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in (
        ["泉塘街道场所台账（2026年3月）"],
        ["序号", "单位\n名称", "网格", "面积（㎡）", "负责人", None, "管理人", None, "是否\n重点单位", "营业时间"],
        [None, None, None, None, "姓名", "联系电话", "姓名", "手机", None, None],
        [1, "小学", "东塘", 350, "王 强", "13800138000", "李红", 13900139000, "√", None],
        [2, "饭店", None, "—", "王五", "/", "/", "/", "×", "9:00-21:00"],
        [3, None, None, None, None, None, None, None, None, None],
        ["合 计", "2家", None, "=SUM(D4:D5)"],
        ["注：一式两份"],
    ):
        sheet.append(cells)
    for merged in ("A1:J1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:H2", "I2:I3", "J2:J3", "C4:C5"):
        sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    reading = PLACES.read(out.getvalue(), called={"unit": {"东塘": "S-01"}.__getitem__})
    assert reading.refusals == []
    assert [tuple(row.values.values()) for row in reading.rows] == [
        ("小学", "S-01", 350, "yes", "王 强", "13800138000", "李红", "13900139000"),
        ("饭店", "S-01", None, "no", "王五", "", "", ""),
    ]
    assert reading.sheets[0].header == 3
    assert [told.zh.partition("”")[2] for told in reading.unread] == [
        "表头之上的行：1 泉塘街道场所台账（2026年3月）", "合计、说明等行：7 合 计", "其他列：营业时间",
    ]  # fmt: skip
    answer, _ = PLACES.answer(out.getvalue(), reading, [reading.refuse(reading.rows[1], None, errors.CELL_MISSING())])
    again = PLACES.read(answer, called={"unit": {"东塘": "S-01"}.__getitem__})
    assert [row.values["manager_phone"] for row in again.rows] == [""]


def test_a_phone_is_that_of_the_person_beside_it():
    head = ["名称", "网格", "负责人", "联系电话", "管理人", "联系电话"]
    rows = PLACES.read(xlsx([head, ["小学", "S-01", "王强", "1", "李红", "2"]])).rows
    assert [rows[0].values[name] for name in ("keeper_phone", "manager_phone")] == ["1", "2"]


@pytest.mark.parametrize("told", ["<html><table><tr><td>名称", '<?xml version="1.0"?><Workbook', "MIME-Version: 1.0"])
def test_a_page_of_the_web_that_is_called_xls_is_refused_with_what_to_do(told):
    assert refused(told.encode("utf-8-sig")).code == "sheet_of_the_web"


def test_a_template_that_comes_back_is_read_without_its_notes():
    reading = PLACES.read(PLACES.export([{"name": "小学", "unit": "S-01"}]))
    assert (len(reading.rows), reading.unread) == (1, [])
    book = openpyxl.load_workbook(io.BytesIO(PLACES.template()))
    assert "合计行" in str([[cell.value for cell in row] for row in book.worksheets[1]])
    book.worksheets[0].append(["小学", "S-01"])
    out = io.BytesIO()
    book.save(out)
    reading = PLACES.read(out.getvalue())
    assert (len(reading.rows), reading.unread) == (1, [])


def test_what_is_printed_repeats_its_header_on_a4_and_ids_stay_text():
    book = openpyxl.load_workbook(io.BytesIO(PLACES.export([{"name": "小学", "unit": "S-01", "keeper_phone": "007"}])))
    sheet = book.active
    assert (sheet.print_title_rows, int(sheet.page_setup.paperSize), sheet.page_setup.fitToHeight) == ("$1:$1", 9, 0)
    assert sheet["F2"].number_format == "@"
    assert sheet.auto_filter.ref == "A1:H2"


def test_offices_call_columns_and_choices_by_other_words():
    ledger = Ledger(
        "灭火器",
        [
            Column(
                "type", "类型", "type", "choice", choices={"干粉": "powder", "水基型": "water"}, also={"MFZ": "powder"}
            ),
            Column("made", "出厂日期", "made", "date"),
            Column("count", "数量", "count", "whole"),
            Column("until", "整改期限", "until", "date"),
            Column("wet", "湿式", "wet", "choice", choices=YES_NO),
        ],
    )
    head = ["灭火器类别", "生产时间", "数量（具）", "整改时限", "是否湿式"]
    told = [
        ["干粉灭火器", "2026.3.1", "4具", "长期", "有"],
        ["MFZ", "2026.3.2", 4, "/", "N"],
        ["干粉、水基型", None, "约4", None, "?"],
    ]
    reading = ledger.read(xlsx([head, *told]))
    assert [[*row.values.values()] for row in reading.rows] == [
        ["powder", date(2026, 3, 1), 4, None, "yes"], ["powder", date(2026, 3, 2), 4, None, "no"],
    ]  # fmt: skip
    assert [(one.field, one.code) for one in reading.refusals] == [
        ("type", "cell_not_a_choice"), ("count", "cell_not_a_number"), ("wet", "cell_not_a_choice"),
    ]  # fmt: skip
