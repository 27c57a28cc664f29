"""Opening an xlsx that may be hostile: sizes are looked at before the reader, which holds a sheet as a dense grid.

A single cell at XFD1048576 would make that grid of 17 thousand million cells, and a zip of a few kB can unpack to GBs.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from gridgov.replay.refusal import FileRefused

MOST_UNPACKED: Final = 400 * 1024 * 1024
"""Bytes of all parts together; the 4,326 messages take 9 MB."""
MOST_PARTS: Final = 5_000
MOST_CELLS: Final = 20_000_000
"""Rows times columns of a sheet, empty ones included: a million rows of 20 columns."""

_CHUNK: Final = 1 << 20
_OVERLAP: Final = 64
"""More than a cell's reference takes, so that one cut in two by a chunk's end is seen whole."""
_REFERENCE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")

Cells = Sequence[object]


def sheets(content: bytes) -> Iterator[Iterator[Cells]]:
    """The rows of each sheet, in order. Raises FileRefused for what is broken, too large or no workbook."""
    _check(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            yield iter(book.get_sheet_by_name(name).iter_rows())
    except CalamineError as error:
        raise _broken() from error


def _check(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise _too_large()
            if not any(part.filename.startswith("xl/") for part in parts):
                raise FileRefused(
                    "这个压缩文件不是 Excel 工作簿;请另存为 .xlsx 或 .csv 后重试",
                    "this archive is no Excel workbook: save it as .xlsx or .csv and try again",
                )
            for part in parts:
                _check_part(archive, part)
    # NotImplementedError: a compression of its own; RuntimeError: parts with a password.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _broken() from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack it once: a part that is longer than it says fails its checksum here, before the reader believes it."""
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    width = height = 1
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not is_sheet:
                continue
            for letters, row in _REFERENCE.findall(rest + chunk):
                height = max(height, int(row))
                width = max(width, _column(letters))
            if width * height > MOST_CELLS:
                raise _too_large()
            rest = chunk[-_OVERLAP:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large() -> FileRefused:
    return FileRefused(
        "表格太大(解压后超过 400 MB 或 2000 万个单元格);请删除多余的空行空列,或分成几个文件",
        "the workbook is too large (over 400 MB unpacked, or 20 million cells): delete empty rows and columns beyond "
        "the data, or split it",
    )


def _broken() -> FileRefused:
    return FileRefused(
        "Excel 文件已损坏,无法读取;请用 Excel 打开后另存为 .xlsx 再试",
        "the Excel file is damaged: open it in Excel, save it as .xlsx and try again",
    )
