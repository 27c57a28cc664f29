"""Files of labelled messages are read whole, or refused with the reason."""

import csv

import pytest

from services.intake.classifier.labelled_file import read_labelled
from shared.errors import GridGovError
from tests.intake.classifier.examples import GIVEN, HEADER, sheet_rows
from tests.support.workbooks import table


def write_csv(path, rows, encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_xlsx(path, rows):
    path.write_bytes(table(*rows))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_csv_is_read_in_the_usual_encodings(tmp_path, encoding):
    assert read_labelled(write_csv(tmp_path / "a.csv", [HEADER, *sheet_rows()], encoding)) == GIVEN


def test_a_spreadsheet_is_read_and_its_empty_rows_are_passed_over(tmp_path):
    rows = sheet_rows()
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, *rows[:5], [None] * 6, ["", " "], *rows[5:], *([[None]] * 300)])
    assert read_labelled(path) == GIVEN


def test_columns_are_found_by_name_wherever_they_stand(tmp_path):
    rows = [["一级分类", "留言详情", "备注", "留言主题"], ["交通运输", "正文", "", "题目"]]
    (row,) = read_labelled(write_csv(tmp_path / "a.csv", rows))
    assert (row.code, row.title, row.body) == ("transport", "题目", "正文")


def refusal(path):
    with pytest.raises(GridGovError) as error:
        read_labelled(path)
    assert "\n" not in error.value.zh + error.value.en
    return error.value


def test_a_missing_column_is_named(tmp_path):
    error = refusal(write_csv(tmp_path / "a.csv", [HEADER[:-1], ["1"] * 5]))
    assert "一级分类" in error.zh
    assert "一级分类" in error.en


def test_an_unknown_category_is_named_with_its_row(tmp_path):
    rows = [HEADER, *sheet_rows()[:2], ["9", "U", "题", "", "文", "天文地理"]]
    error = refusal(write_csv(tmp_path / "a.csv", rows))
    assert "4" in error.zh
    assert "天文地理" in error.en


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_empty"),
        (",".join(HEADER).encode(), "sheet_without_rows"),
        (b"PK\x03\x04 but no zip", "sheet_damaged"),
        ("留言主题".encode(), "columns_missing"),
        (("留言主题,留言详情,一级分类\n题," + "长" * 200_000).encode(), "classifier_file_unfit"),
    ],
)
def test_a_file_that_is_no_table_of_labelled_messages_is_refused(tmp_path, content, code):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert refusal(path).code == code


def test_a_missing_file_is_refused(tmp_path):
    assert refusal(tmp_path / "none.xlsx").code == "file_missing"
