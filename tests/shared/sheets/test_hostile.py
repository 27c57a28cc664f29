"""Files meant to hurt: refused before they fill the memory, in two languages, whatever their suffix says."""

import contextlib
import io
import struct
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from shared.errors import GridGovError
from shared.sheets import limits, read, workbook
from tests.shared.sheets.files import (
    HEAD,
    MESSAGES,
    biff,
    csv_of,
    ods,
    ods_row,
    ole,
    row,
    xls_stream,
    xlsb,
    xlsb_row,
    xlsb_table,
    xlsb_wide,
    xlsx,
    zipped,
)


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


@pytest.fixture
def here(monkeypatch):
    """Read in this process, where a limit may be set."""
    monkeypatch.setattr(read.apart, "sheets", workbook.sheets)


def test_a_bomb_by_what_it_says_and_by_what_it_is(monkeypatch, here):
    monkeypatch.setattr(limits, "MOST_UNPACKED", 1 << 20)
    bomb = zipped({"xl/workbook.xml": b" " * (4 << 20)})
    assert refused(bomb) == "sheet_bytes_too_many"
    lying = bomb.replace((4 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != bomb
    assert refused(lying) == "sheet_damaged"


def test_a_bomb_by_its_ratio(monkeypatch, here):
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


def test_an_xls_with_one_text_for_all_its_cells(monkeypatch, here):
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


def far_xlsb() -> bytes:
    body = struct.pack("<II", 16383, 0) + xlsb_wide("x")
    far = b"\x86\x80" + bytes([len(body)]) + body  # its kind in two bytes
    return xlsb({"a": xlsb_table(xlsb_row(0, *HEAD), xlsb_row(1048575) + far)})


def sheet_within_a_record() -> bytes:
    begin = biff(0x809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    far = biff(0x204, struct.pack("<HHHHB", 65535, 65534, 0, 1, 1) + "x".encode("utf-16-le"))
    sheet = biff(0x809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + far + biff(0x0A)
    name = struct.pack("<BB", 1, 1) + "表".encode("utf-16-le")
    size = len(begin) + 4 + 6 + len(name) + 4 + 4
    return begin + biff(0x85, struct.pack("<IBB", size, 0, 0) + name) + biff(0x0A) + biff(0x1234, sheet)


def of_another_encoding() -> bytes:
    good, out = ods(f'<table:table table:name="a">{ods_row(*HEAD)}</table:table>'), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'encoding="UTF-8"', b'encoding="UTF-x"'))
    return out.getvalue()


FAR = '<row r="3"><c t="str" {}><v>x</v></c></row>'
BLANKS = '<table:table-row><table:table-cell office:value-type="string"><text:p><text:s text:c="2000000000"/>x</text:p></table:table-cell></table:table-row>'
KILLERS = {
    "small letters": lambda: sheet_xml(FAR.format('r="xfd1048576"')),
    "leading zero": lambda: sheet_xml(FAR.format('r="XFD01048576"')),
    "four letters": lambda: sheet_xml(FAR.format('r="AXFD1048576"')),
    "> in an attribute": lambda: sheet_xml(FAR.format('x=">" r="XFD1048576"')),
    "a place in another attribute": lambda: sheet_xml(FAR.format('z=\' r="A1"\' r="XFD1048576"')),
    "row of ten digits": lambda: sheet_xml('<row r="4294967295"><c t="str"><v>x</v></c></row>'),
    "a tag of 9 MB": lambda: sheet_xml(FAR.format(" " * (9 << 20) + 'r="XFD1048576"')),
    "dimensions": lambda: ole(xls_stream(biff(0x200, struct.pack("<IIHHH", 0, 0x10000000, 0, 256, 0)))),
    "a sheet within another record": lambda: ole(sheet_within_a_record()),
    "a kind in two bytes": far_xlsb,
    "merged cells cut off": lambda: ole(xls_stream(biff(0xE5, struct.pack("<H", 9999)))),
    "blanks by number": lambda: ods(f'<table:table table:name="a">{ods_row(*HEAD)}{BLANKS}</table:table>'),
    "an unknown encoding": of_another_encoding,
}


@pytest.mark.parametrize("what", KILLERS)
def test_what_ends_the_reader_ends_nothing_else(what):
    """None of these is seen by what measures a file; the reader aborts, panics, or takes all memory."""
    assert refused(KILLERS[what]()) in {"sheet_damaged", "sheet_too_large"}


def test_hidden_columns_cost_what_the_sheet_is_wide(here):
    columns = '<col min="6" max="999999" hidden="1"/>' * 500
    assert refused(sheet_xml(columns + '<row r="1"><c r="A1" t="str"><v>x</v></c></row>')) == "columns_missing"


def test_who_stops_reading_leaves_no_process():
    before = children()
    hidden, sheets = read.apart.sheets(xlsx([HEAD, *(row(n) for n in range(5_000))], [HEAD, row(1)]))
    first = next(sheets)
    assert (hidden, next(first.rows)[0]) == ([], 1)
    [begun] = children() - before
    sheets.close()
    assert begun not in children()


def children() -> set[str]:
    own = Path("/proc/self/task")
    return {child for task in own.iterdir() for child in (task / "children").read_text().split()}
