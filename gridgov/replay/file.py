"""The messages in a table, as rows ready to be sent. A row is itself, whatever it says; the API judges its words.

Columns are recognised in the words of boards and hotlines, or mapped. Residents' names are not read at all.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, Final

from gridgov.replay.refusal import FileRefused
from shared.clock import LOCAL
from shared.errors import GridGovError
from shared.sheets import rows
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger
from shared.sheets.read import content_of
from shared.sheets.reading import Reading, Refusal

LONGEST_TITLE: Final = 100
_MOST_COPIES: Final = 1000


def _said_of(*things: str) -> tuple[str, ...]:
    """What boards, hotlines and offices call a column."""
    of = (
        "留言",
        "诉求",
        "来电",
        "反映",
        "投诉",
        "工单",
        "民情",
        "事件",
        "问题",
        "信件",
        "来信",
        "信访",
        "案件",
        "举报",
        "上报",
        "受理",
        "登记",
    )
    return tuple(f"{before}{thing}" for before in of for thing in things) + things


MESSAGES: Final = Ledger(
    "民情",
    [
        Column(
            "number", "留言编号", "number", "id", synonyms=_said_of("编号", "单号", "编码", "流水号", "号", "ID"),
            note="在原系统中的编号 as it is called where it comes from", example="2026-000123",
        ),
        Column("title", "留言主题", "title", synonyms=_said_of("主题", "标题", "题目", "摘要", "名称"), example="路灯不亮"),
        Column(
            "occurred_at", "留言时间", "time", "instant", example="2026-03-02 10:30",
            synonyms=("发生时间", "事发时间", *_said_of("时间", "日期")),
        ),
        Column(
            "text", "留言详情", "text", required=True, example="某街道某社区的路灯坏了一周，请修。",
            synonyms=_said_of("详情", "内容", "详细内容", "描述", "正文", "事由", "情况", "内容描述"),
        ),
        Column(
            "address", "地点", "place", example="某街道某社区",
            synonyms=(
                "地址", "事发地点", "事发地址", "发生地点", "发生地址", "详细地址", "具体地址", "位置", "具体位置", "所在地",
                *_said_of("地点", "地址"),
            ),
        ),
        Column("longitude", "经度", "longitude", "number", synonyms=("lng", "lon", "X坐标"), example=112.98),
        Column("latitude", "纬度", "latitude", "number", synonyms=("lat", "Y坐标"), example=28.2),
        Column(
            "system", "坐标系", "coordinate system", "choice", synonyms=("坐标系统", "坐标类型", "坐标系类型"),
            note="不写则由平台按来源判断 left out, GridGov goes by where it comes from",
            choices={
                "WGS-84": "WGS-84", "GCJ-02": "GCJ-02", "BD-09": "BD-09", "CGCS2000": "CGCS2000", "WGS84": "WGS-84",
                "GCJ02": "GCJ-02", "BD09": "BD-09", "火星坐标": "GCJ-02", "高德": "GCJ-02", "腾讯": "GCJ-02",
                "百度": "BD-09", "国家2000": "CGCS2000",
            },
        ),
    ],
)  # fmt: skip
_NAMES: Final = tuple(column.name for column in MESSAGES.columns)


@dataclass(frozen=True, slots=True)
class Pair:
    """A position as it stands in the file; `system` is the coordinate system where the file says it."""

    longitude: float
    latitude: float
    system: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One message. `line` is its row as Excel shows it, `occurred_at` RFC 3339. Of rows without a number that are all
    the same, each is a message of its own: `turn` counts them."""

    line: int
    id: str
    title: str
    text: str
    occurred_at: str | None
    address: str = ""
    sheet: str = ""
    turn: int = 0
    point: Pair | None = None

    @property
    def key(self) -> str:
        """The same message has the same key in every run and on every machine; another title is a correction."""
        parts = [self.id, self.text, self.occurred_at or "", self.address]
        if not self.id:
            parts += [self.title, str(self.turn)]
        if self.point is not None:
            parts.append(f"{self.point.longitude} {self.point.latitude} {self.point.system}")
        return f"replay-{sha256(chr(0).join(parts).encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"

    def refused(self, code: str, zh: str, en: str, field: str | None) -> Refusal:
        """The API does not take this row."""
        column = MESSAGES.column(field)
        value = str(getattr(self, column.name, "") or "")[:100] if column else ""
        return Refusal(self.sheet, self.line, field, column.zh if column else "", code, zh, en, value)


@dataclass(frozen=True, slots=True)
class File:
    """What was read: the rows to send, and the reading for the answer."""

    path: Path
    content: bytes
    reading: Reading
    rows: Sequence[Row]


def read_file(path: Path, limit: int | None = None, columns: Sequence[str] = ()) -> File:
    """The first `limit` messages (all when None) of all sheets. Raises FileRefused when it cannot be read whole."""
    try:
        content = content_of(path)
        told = MESSAGES.read(content, _mapping(columns), most=limit)
    except GridGovError as error:
        raise FileRefused(f"{path.name}：{error.zh}", f"{path.name}: {error.en}") from error
    return File(path, content, told, list(_rows(told.rows)))


def _rows(read: Iterable[rows.Row]) -> Iterable[Row]:
    turns: Counter[tuple[object, ...]] = Counter()
    for row in read:
        told = row.values
        at = told["occurred_at"]
        when = at.astimezone(LOCAL).isoformat() if at else None
        title = _short(told["title"])
        point = _point(told)
        same = (title, told["text"], when, told["address"], point)
        turn = turns[same] if not told["number"] else 0
        turns[same] += not told["number"]
        yield Row(row.line, told["number"], title, told["text"], when, told["address"], row.sheet, turn, point)


def _point(told: Mapping[str, Any]) -> Pair | None:
    """Half a position is none."""
    longitude, latitude = told["longitude"], told["latitude"]
    return None if longitude is None or latitude is None else Pair(longitude, latitude, told["system"])


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _mapping(told: Sequence[str]) -> dict[str, str]:
    """`header=column,header=column`, or a JSON file in which such a mapping was saved. Raises FileRefused."""
    mapping: dict[str, str] = {}
    for one in told:
        if one.lower().endswith(".json"):
            mapping |= _saved(Path(one))
            continue
        for pair in one.replace("，", ",").split(","):
            header, equals, wanted = pair.partition("=")
            if not equals or not header.strip() or not wanted.strip():
                raise FileRefused(
                    f"--columns {one} 无法理解；请写成 表中列名=number，可用 {'、'.join(_NAMES)}",
                    f"--columns {one} is not understood: write HEADER=number; there are {', '.join(_NAMES)}",
                )
            mapping[header.strip()] = wanted.strip()
    return mapping


def _saved(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found.values()):
        raise FileRefused(
            f'--columns {path} 无法读取；文件内容应如 {{"工单号": "number", "内容": "text"}}',
            f'--columns {path} cannot be read: it should hold {{"HEADER": "number", "OTHER": "text"}}',
        )
    return found


def write_refused(file: File, refusals: Iterable[Refusal]) -> Path | None:
    """The refused rows in a file like the one sent, beside it (or here, where that cannot be written); None where
    neither can. What is there already is left alone: somebody may have corrected it."""
    content, suffix = MESSAGES.answer(file.content, file.reading, refusals)
    for folder in (file.path.parent, Path()):
        for number in count(1):
            path = folder / f"{file.path.stem}.refused{f'-{number}' if number > 1 else ''}{suffix}"
            try:
                with path.open("xb") as stream:
                    stream.write(content)
                return path
            except FileExistsError:
                if number > _MOST_COPIES:
                    break
            except OSError:
                break
    return None
