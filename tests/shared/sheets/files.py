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
