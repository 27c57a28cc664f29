"""Files as offices have them, made here: nothing is copied from anywhere."""

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger

HEAD = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
MESSAGES = Ledger(
    "民情",
    [
        Column("number", "留言编号", "number", "id", synonyms=("工单编号",)),
        Column("title", "留言主题", "title", synonyms=("诉求标题",)),
        Column("at", "留言时间", "time", "instant", synonyms=("诉求时间",)),
        Column("text", "留言详情", "text", required=True, synonyms=("诉求内容",)),
    ],
)


def row(number: Any, at: Any = "2026/3/2 10:00:00", text: str = "泉塘街道路灯不亮。", title: str = "路灯") -> list[Any]:
    return [number, "U", title, at, text]


def xlsx(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = (), **options: Any) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd hh:mm:ss", **options})
    for number, rows in enumerate(sheets):
        sheet = book.add_worksheet(names[number] if names else None)
        for line, cells in enumerate(rows):
            sheet.write_row(line, 0, cells)
    book.close()
    return out.getvalue()


def csv_of(*lines: Sequence[str], delimiter: str = ",", encoding: str = "utf-8", above: str = "") -> bytes:
    body = "".join(delimiter.join(cells) + "\r\n" for cells in lines)
    return (above + body).encode(encoding)


def zipped(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def ods(table: str) -> bytes:
    """`table` is what stands within office:spreadsheet."""
    spaces = " ".join(
        f'xmlns:{name}="{uri}"'
        for name, uri in {
            "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
            "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
            "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
            "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
        }.items()
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/></manifest:manifest>'
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f"{table}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": mime, "META-INF/manifest.xml": manifest, "content.xml": content})


def ods_row(*cells: str, more: str = "") -> str:
    told = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row {more}>{told}</table:table-row>"


def biff(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _short(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def xls_stream(cells: bytes, *, shared: Sequence[str] = (), before: bytes = b"", name: str = "表") -> bytes:
    """A BIFF8 stream with one sheet that holds the records `cells`."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    strings = struct.pack("<II", len(shared), len(shared)) + b"".join(map(_short, shared))
    sheet_name = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    globals_ = biff(0x809, begin) + before
    size = len(globals_) + 4 + 6 + len(sheet_name) + len(biff(0xFC, strings)) + 4
    bound = biff(0x85, struct.pack("<IBB", size, 0, 0) + sheet_name)
    sheet = biff(0x809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + biff(0x0A)
    return globals_ + bound + biff(0xFC, strings) + biff(0x0A) + sheet


def ole(stream: bytes, name: str = "Workbook") -> bytes:
    """A compound file with one stream, which is padded so that it lies in sectors of its own."""
    stream = stream.ljust(max(4096, -len(stream) % 512 + len(stream)), b"\0")
    count = len(stream) // 512
    fat = [0xFFFFFFFD, 0xFFFFFFFE] + [n + 3 for n in range(count)]
    fat[-1] = 0xFFFFFFFE
    assert len(fat) <= 128
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    sectors = struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry(name, 2, 2, len(stream)) + bytes(256)
    return header + sectors + entries + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    told = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        told.ljust(64, b"\0")
        + struct.pack("<HBB", len(told), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def xlsb_record(kind: int, body: bytes = b"") -> bytes:
    """A record of the binary workbook: number and length take seven bits to a byte."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = bytearray(), len(body)
    while length >= 128:
        size.append(length & 0x7F | 0x80)
        length >>= 7
    return number + bytes([*size, length]) + body


def xlsb_wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_row(number: int, *cells: Any, hidden: bool = False) -> bytes:
    """A row and its cells: texts, numbers, and None for a formula that failed (#N/A)."""
    told = xlsb_record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 16 if hidden else 0, 0, 0))
    for column, cell in enumerate(cells):
        place = struct.pack("<II", column, 0)
        if isinstance(cell, str):
            told += xlsb_record(6, place + xlsb_wide(cell))
        elif cell is None:
            told += xlsb_record(11, place + bytes([42]) + bytes(10))
        else:
            told += xlsb_record(5, place + struct.pack("<d", cell))
    return told


def xlsb_shared(column: int, number: int) -> bytes:
    """A cell that says the shared text of this number."""
    return xlsb_record(7, struct.pack("<III", column, 0, number))


def xlsb(
    sheets: dict[str, bytes], *, hidden: Sequence[str] = (), since_1904: bool = False, shared: Sequence[str] = ()
) -> bytes:
    """`sheets`: by name what stands in them: rows, and what `after_rows` says of them."""
    bundle, relations, parts = b"", "", {}
    for number, (name, cells) in enumerate(sheets.items(), 1):
        state = struct.pack("<II", 1 if name in hidden else 0, number)
        bundle += xlsb_record(156, state + xlsb_wide(f"rId{number}") + xlsb_wide(name))
        relations += (
            f'<Relationship Id="rId{number}" Target="worksheets/sheet{number}.bin" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
        )
        parts[f"xl/worksheets/sheet{number}.bin"] = xlsb_record(129) + cells + xlsb_record(130)
    properties = xlsb_record(153, struct.pack("<III", 1 if since_1904 else 0, 0, 0))
    book = xlsb_record(131) + properties + xlsb_record(143) + bundle + xlsb_record(144) + xlsb_record(132)
    if shared:
        texts = b"".join(xlsb_record(19, b"\0" + xlsb_wide(text)) for text in shared)
        head = xlsb_record(159, struct.pack("<II", len(shared), len(shared)))
        parts["xl/sharedStrings.bin"] = head + texts + xlsb_record(160)
    spaces = "http://schemas.openxmlformats.org/package/2006"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{spaces}/content-types"/>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{spaces}/relationships">{relations}</Relationships>',
            **parts,
        }
    )


def xlsb_table(*rows: bytes, columns: bytes = b"", merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """The records of a sheet. `columns`: those that say how columns look; `merged`: first and last row, then column."""
    size = xlsb_record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, 9))
    cells = xlsb_record(145) + b"".join(rows) + xlsb_record(146)
    areas = b"".join(xlsb_record(176, struct.pack("<IIII", *area)) for area in merged)
    return size + columns + cells + (xlsb_record(177, struct.pack("<I", len(merged))) + areas + xlsb_record(178))
