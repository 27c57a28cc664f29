"""The messages in an xlsx or csv file, as rows ready to be sent. What the file says is kept; the API judges it.

Columns are found by name, in any order and on any sheet; others are ignored. What kind of file it is is told by its
content, since names lie. The residents' user names are not read at all.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Final

from gridgov.replay.refusal import FileRefused
from gridgov.replay.workbook import sheets
from shared.clock import LOCAL

LARGEST: Final = 100 * 1024 * 1024
"""Bytes of a file as it lies on the disk."""
LONGEST_TITLE: Final = 100
_LONGEST_CELL: Final = 10 * 1024 * 1024

ID, TITLE, AT, TEXT = "留言编号", "留言主题", "留言时间", "留言详情"
COLUMNS: Final = (ID, TITLE, AT, TEXT)
_HEADER_WITHIN: Final = 20
"""The header is one of the first rows; a title or a remark may stand above it."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_FORMATS: Final = (
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S",
)
_SERIAL_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001  Excel's day 0 (1900 system), a wall-clock time
_SERIALS: Final = range(1, 2_958_466)
"""Days that Excel can show, up to 9999-12-31."""


@dataclass(frozen=True, slots=True)
class Row:
    """One message. `line` is its row in the file, the header's being 1 when it comes first; `occurred_at` RFC 3339,
    or what stood there when that is no time."""

    line: int
    id: str
    title: str
    text: str
    occurred_at: str | None

    @property
    def key(self) -> str:
        """The same message has the same key in every run and on every machine."""
        digest = sha256(f"{self.id}\0{self.text}".encode("utf-8", "surrogatepass")).hexdigest()
        return f"replay-{digest[:40]}"


def read_rows(path: Path, limit: int | None = None) -> list[Row]:
    """The first `limit` messages of the file (all when None); blank rows are passed over.

    Raises FileRefused when it cannot be read, is of another kind, too large, empty, or lacks a column.
    """
    content = _content(path)
    tables = sheets(content) if content.startswith(_ZIP) else iter([_csv(content)])
    missing: list[str] = list(COLUMNS)
    for table in tables:
        head = list(islice(table, _HEADER_WITHIN))
        for above, cells in enumerate(head):
            names = ["".join(_text(cell).split()).strip("\ufeff") for cell in cells]
            lacking = [column for column in COLUMNS if column not in names]
            if not lacking:
                places = [names.index(column) for column in COLUMNS]
                rows = _rows(chain(head[above + 1 :], table), places, above + 2)
                return _some(list(islice(rows, limit)), path)
            missing = min(missing, lacking, key=len)
    raise FileRefused(
        f"{path.name} 缺少列:{'、'.join(missing)};第一行应有 {'、'.join(COLUMNS)}",
        f"{path.name} lacks the columns {', '.join(missing)}: its first row must name {', '.join(COLUMNS)}",
    )


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            # One byte more than allowed: a pipe or a device tells no size beforehand.
            content = stream.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise FileRefused(f"找不到文件 {path};请检查路径", f"there is no file {path}: check the path") from error
    except OSError as error:
        raise FileRefused(
            f"无法读取 {path}({error.strerror});请检查路径和权限",
            f"cannot read {path} ({error.strerror}): check the path and its permissions",
        ) from error
    if len(content) > LARGEST:
        raise FileRefused(
            f"{path.name} 超过 {LARGEST >> 20} MB;请分成几个文件",
            f"{path.name} is larger than {LARGEST >> 20} MB: split it",
        )
    if not content.strip():
        raise FileRefused(
            f"{path.name} 是空文件;请选择有留言的文件", f"{path.name} is empty: choose a file with messages"
        )
    if content.startswith(_OLE):
        raise _old_or_encrypted(path, encrypted=_ENCRYPTED in content)
    return content


def _old_or_encrypted(path: Path, *, encrypted: bool) -> FileRefused:
    if encrypted:
        return FileRefused(
            f"{path.name} 有密码保护;请在 Excel 中去掉密码后另存",
            f"{path.name} is protected by a password: remove the password in Excel and save it",
        )
    return FileRefused(
        f"{path.name} 是旧格式 .xls;请在 Excel 中另存为 .xlsx",
        f"{path.name} is in the old .xls format: save it as .xlsx in Excel",
    )


def _csv(content: bytes) -> Iterator[Sequence[object]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    # Strict: a quotation mark that never closes would otherwise swallow all rows behind it as one text.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise FileRefused(
            f"CSV 第 {reader.line_num} 行附近有误({error});请检查引号",
            f"the CSV is wrong near line {reader.line_num} ({error}): check the quotation marks",
        ) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(
        "CSV 的编码既不是 UTF-8 也不是 GB18030;请另存为 UTF-8 后重试",
        "the CSV is neither UTF-8 nor GB18030: save it as UTF-8 and try again",
    )


def _rows(table: Iterable[Sequence[object]], places: list[int], first_line: int) -> Iterator[Row]:
    for line, cells in enumerate(table, first_line):
        id_, title, at, text = (cells[place] if place < len(cells) else None for place in places)
        row = Row(line, _text(id_), _short(_text(title)), _text(text), _occurred_at(at))
        if row.id or row.title or row.text:
            yield row


def _some(rows: list[Row], path: Path) -> list[Row]:
    if not rows:
        raise FileRefused(
            f"{path.name} 只有表头,没有留言;请选择有留言的文件",
            f"{path.name} has a header but no messages: choose a file with messages",
        )
    return rows


def _text(cell: object) -> str:
    """Numbers as a person would write them: Excel stores every number as a float."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _occurred_at(cell: object) -> str | None:
    if cell is None or cell == "":
        return None
    told = _wall_clock(cell)
    return _text(cell) or None if told is None else told.replace(tzinfo=LOCAL).isoformat(timespec="seconds")


def _wall_clock(cell: object) -> datetime | None:
    """The time in a cell as clocks in China showed it: a real Excel date, a text, or a day number without a format."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, int | float):
        return _SERIAL_ZERO + timedelta(seconds=round(cell * 86_400)) if int(cell) in _SERIALS else None
    for pattern in _FORMATS:
        try:
            return datetime.strptime(str(cell).strip(), pattern)  # noqa: DTZ007  the caller adds the zone
        except ValueError:
            continue
    return None
