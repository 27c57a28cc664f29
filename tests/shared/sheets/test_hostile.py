"""Files meant to hurt: refused before they fill the memory, in two languages, whatever their suffix says."""

import contextlib
import io
import struct
import time
import zipfile

import pytest
import xlsxwriter

from shared.errors import GridGovError
from shared.sheets import limits
from tests.shared.sheets.files import HEAD, MESSAGES, biff, csv_of, ods, ods_row, ole, row, xls_stream, xlsx, zipped


def refused(content: bytes) -> str:
    started = time.monotonic()
    with pytest.raises(GridGovError) as error:
        MESSAGES.read(content)
    assert time.monotonic() - started < 10
    assert error.value.zh != error.value.en
    return error.value.code


def sheet_xml(inner: str, *, of: bytes | None = None) -> bytes:
    """A workbook whose one sheet has `inner` as its XML."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(of or xlsx([HEAD, row(1)]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            content = f"<worksheet {space}><sheetData>{inner}</sheetData></worksheet>".encode()
            new.writestr(part, content if part == "xl/worksheets/sheet1.xml" else old.read(part))
    return out.getvalue()


def test_a_cell_in_the_far_corner():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write(1_048_575, 16_383, "x")
    book.close()
    assert refused(out.getvalue()) == "sheet_too_large"


@pytest.mark.parametrize(
    "inner",
    [
        "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        "<row>" + "<c><v>1</v></c>" * 900 + "</row>" + "<row><c><v>1</v></c></row>" * 20_000,
        "<x:row r='1'>" + "<x:c><x:v>1</x:v></x:c>" * 2_000 + "</x:row>",
        "<row\tr='1'><c\tr='A1'><v>1</v></c></row><row\nr='9'><c\n\tr='XFD1048576'\n><v>1</v></c></row>",
    ],
    ids=["single quotes", "cells without a place", "a prefix", "a tab"],
)
def test_wide_and_high_grids_however_they_are_written(inner):
    assert refused(sheet_xml(inner)) == "sheet_too_large"


def test_one_long_text_used_by_very_many_cells():
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    assert refused(sheet_xml(cells, of=xlsx([["长" * 30_000]]))) == "sheet_too_large"


def test_formats_drawn_to_the_last_row_are_no_cells():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet, border = book.add_worksheet(), book.add_format({"border": 1})
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, row(1))
    sheet.write_blank(1_048_575, 300, None, border)
    book.close()
    assert len(MESSAGES.read(out.getvalue()).rows) == 1


def test_a_bomb_by_what_it_says_and_by_what_it_is(monkeypatch):
    monkeypatch.setattr(limits, "MOST_UNPACKED", 1 << 20)
    bomb = zipped({"xl/workbook.xml": b" " * (4 << 20)})
    assert refused(bomb) == "sheet_bytes_too_many"
    lying = bomb.replace((4 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != bomb
    assert refused(lying) == "sheet_damaged"


def test_a_bomb_by_its_ratio(monkeypatch):
    monkeypatch.setattr(limits, "RATIO_FROM", 1 << 20)
    assert refused(zipped({"xl/workbook.xml": b" " * (8 << 20)})) == "sheet_bytes_too_many"


def test_too_many_rows_and_columns_of_text(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ROWS", 50)
    assert refused(csv_of(HEAD, *([str(n)] * 5 for n in range(60)))) == "sheet_too_large"
    assert (
        refused(xlsx([HEAD, *(row(n) for n in range(30))], [HEAD, *(row(n) for n in range(30))])) == "sheet_too_large"
    )
    assert refused(csv_of([*HEAD, *map(str, range(2_000))], row("1"))) == "sheet_too_large"
    monkeypatch.setattr(limits, "MOST_BYTES", 100)
    assert refused(b"x" * 101) == "sheet_bytes_too_many"


@pytest.mark.parametrize("repeated", ["table:number-rows-repeated='1048576'", ""])
def test_an_ods_that_repeats_itself(repeated):
    cells = (
        ""
        if repeated
        else "<table:table-row><table:table-cell office:value-type='float' office:value='1' table:number-columns-repeated='16384'/></table:table-row>"
    )
    table = f"<table:table table:name='s'>{ods_row(*HEAD)}{cells or ods_row(*['x'] * 20, more=repeated)}</table:table>"
    assert refused(ods(table)) == "sheet_too_large"


def test_an_xls_with_one_text_for_all_its_cells(monkeypatch):
    monkeypatch.setattr(limits, "MOST_CHARACTERS", 1_000_000)
    cells = b"".join(biff(0xFD, struct.pack("<HHHI", n // 40, n % 40, 0, 0)) for n in range(3000))
    assert refused(ole(xls_stream(cells, shared=["长" * 3_900]))) == "sheet_too_large"


@pytest.mark.parametrize("length", [4, 30, 600, 0.5, -10])
def test_what_is_cut_off_is_damaged(length):
    whole = xlsx([HEAD, row(1)])
    cut = whole[: int(len(whole) * length) if isinstance(length, float) else length]
    assert refused(cut) == "sheet_damaged"


def test_what_is_no_table_says_so():
    assert refused(b"") == refused(b" \r\n ") == "sheet_empty"
    assert refused(b"\x89PNG\r\n\x1a\n\xff\xff") == refused(b"%PDF-1.7") == "sheet_kind_unknown"
    assert refused(zipped({"word/document.xml": "<a/>"})) == "sheet_kind_unknown"
    assert refused(zipped({"xl/workbook.xml": "<a/>", "content.xml": "<a/>"})) == "sheet_kind_unknown"
    assert refused(ole(bytes(600), "WordDocument")) == "sheet_kind_unknown"
    assert refused(ole(bytes(600), "EncryptedPackage")) == "sheet_protected"
    assert refused(ole(xls_stream(b"", before=biff(0x2F, bytes(6))))) == "sheet_protected"
    assert refused(bytes([0xFF, 0x80, 0xA0, 0x01]) * 20) == "sheet_encoding_unknown"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == "sheet_damaged"
    assert refused(csv_of(HEAD, ["1", "u", "t", "", '"never closed'], row("2"))) == "sheet_quotes_open"
    assert refused(xlsx([HEAD])) == "sheet_without_rows"
    assert refused(xlsx([])) == "sheet_empty"
    assert refused("今天天气很好\n明天也是".encode()) == "columns_missing"


def test_entities_are_not_unfolded():
    bomb = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(io.BytesIO(ods("<table:table table:name='s'/>"))) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(b"?>", b"?>" + bomb.encode(), 1)
    assert refused(zipped(parts)) == "sheet_damaged"


@pytest.mark.parametrize("seed", range(60))
def test_a_workbook_with_flipped_bytes_is_read_or_refused_and_nothing_else(seed):
    import random

    dice = random.Random(seed)
    base = [
        xlsx([HEAD, row(1)]),
        ods(f"<table:table table:name='s'>{ods_row(*HEAD)}</table:table>"),
        ole(xls_stream(b"")),
    ]
    broken = bytearray(base[seed % 3])
    for _ in range(dice.randint(1, 20)):
        broken[dice.randrange(8, len(broken))] = dice.randrange(256)
    with contextlib.suppress(GridGovError):
        MESSAGES.read(bytes(broken))
