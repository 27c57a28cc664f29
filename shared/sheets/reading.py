"""One reading of one file: all its rows checked, each refusal with its row and column, and what was not read."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from sys import intern
from typing import Any, Final

from shared.errors import GridGovError
from shared.sheets import cells, errors, limits, read
from shared.sheets.cells import Broken, Cell, Cells, is_blank
from shared.sheets.columns import Called, Column
from shared.sheets.headers import Header, Headers
from shared.sheets.rows import PackedRows, Row
from shared.sheets.workbook import Sheet

EXAMPLE: Final = "【示例 Example】"
"""The first cell of the example row begins with this; the row is passed over when it comes back."""
_NAMED: Final = 20
_NO_ROW: Final = re.compile(
    r"(合计|总计|小计|共计|累计|汇总|总数|平均|注|备注|说明|附注|填表|制表|填报|编制|审核|审批|复核|单位负责人|负责人签|日期|total|note)"
    r"([^\w]|人|单位|时间|日期|说明|数|字|签|\d|$)"
)
"""How lines begin that stand below a table: sums, remarks, who filled it in."""

Check = Callable[[Mapping[str, Any]], Iterable[GridGovError]]
"""The rules across the columns of a row whose cells can all be read; an error's `field` names the column."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row is not taken; `field` is the column's name in code, `column` its header, `value` what was there."""

    sheet: str
    line: int
    field: str | None
    column: str
    code: str
    zh: str
    en: str
    value: str = ""

    def facts(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "sheet": self.sheet, "row": self.line, "field": self.field, "column": self.column, "code": self.code,
            "zh": self.zh, "en": self.en, "value": self.value,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet that was read: its data rows, the header's line, and which column was taken for what (name to header)."""

    name: str
    rows: int
    header: int
    taken: Mapping[str, str]

    def facts(self) -> dict[str, Any]:
        """As JSON."""
        return {"name": self.name, "rows": self.rows, "columns": dict(self.taken)}


@dataclass(frozen=True, slots=True)
class Unread:
    """What was not read, in words: a hidden or empty sheet, hidden rows and columns, columns nobody asked for."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. Rows that are refused are not among `rows`."""

    rows: Sequence[Row]
    refusals: Sequence[Refusal]
    sheets: Sequence[ReadSheet]
    unread: Sequence[Unread]

    def refuse(self, row: Row, column: Column | None, error: GridGovError) -> Refusal:
        """The refusal of a row that could be read and yet cannot be taken."""
        taken = next((sheet.taken for sheet in self.sheets if sheet.name == row.sheet), {})
        header = taken.get(column.name, column.zh) if column else ""
        value = column.shown(row.values.get(column.name)) if column else None
        name = column.name if column else error.field
        return _refusal(row.sheet, row.line, name, header, error, _was(value))


class Reader:
    """Reads one file for a ledger."""

    def __init__(
        self,
        columns: Sequence[Column],
        key: Sequence[str],
        check: Check,
        headers: Headers,
        called: Called | None = None,
    ) -> None:
        self._columns = [(column, column.reader(called)) for column in columns]
        self._names = [(one, called[kind]) for one in columns if called and (kind := one.naming) and kind in called]
        self._titles = {column.name: column.zh for column in columns}
        self._key = tuple(key)
        self._check = check
        self._headers = headers
        self._rows = PackedRows([column.name for column in columns])
        self._refusals: list[Refusal] = []
        self._sheets: list[ReadSheet] = []
        self._unread: list[Unread] = []
        self._lacks: frozenset[str] = frozenset()
        self._keys: dict[tuple[Any, ...], tuple[str, int]] = {}
        self._seen: list[str] = []
        self._lacking: GridGovError | None = None
        self._counted = read.Rows()
        self._left: int | None = None

    def read(self, content: bytes, most: int | None = None) -> Reading:
        """Raises Invalid, TooLarge for a file that cannot be read whole."""
        self._left = most
        book = read.opened(content, self._headers.known)
        self._unread += [Unread(f"隐藏的工作表“{name}”", f"the hidden sheet “{name}”") for name in book.hidden]
        for sheet in book.sheets:
            self._sheet(sheet)
        if (unused := self._headers.unused(self._seen)) is not None:
            raise errors.MAPPING_UNUSED(header=unused, found=list(dict.fromkeys(self._seen)))
        if not self._sheets:
            raise self._lacking or errors.SHEET_EMPTY()
        if not self._rows and not self._refusals:
            raise errors.SHEET_WITHOUT_ROWS()
        return Reading(self._rows, self._refusals, self._sheets, self._unread)

    def _sheet(self, sheet: Sheet) -> None:
        rows = read.filled(sheet.rows, self._counted)
        head = list(islice(rows, limits.HEADER_WITHIN))
        found = self._header(head, sheet)
        if found is None:
            return
        header, at = found
        self._lacks = frozenset(
            column.name for column, _ in self._columns if not {column.name, column.instead} & header.places.keys()
        )
        count = 0
        passed: list[str] = []
        for line, row in chain(head[at + 1 :], rows):
            if self._left is not None and count >= self._left:
                break
            if header.again(row) or _is_example(row) or all(is_blank(_cell(row, at)) for at in header.places.values()):
                continue
            if not _is_sum(row, header) and self._row(sheet, line, row, header):
                count += 1
            else:
                passed.append(f"{line} {_first_word(row)}")
        if self._left is not None:
            self._left -= count
        self._sheets.append(ReadSheet(sheet.name, count, head[at][0], header.taken))
        above = [f"{line} {word}" for line, cells in head[: at + 1 - len(header.rows)] if (word := _first_word(cells))]
        self._tell(sheet, header, above, passed)

    def _header(self, head: Sequence[tuple[int, Cells]], sheet: Sheet) -> tuple[Header, int] | None:
        """The header row and its place; None for a sheet that holds no table of this kind, which is told."""
        zh, en = _named(sheet)
        if not head:
            self._unread.append(Unread(f"空的{zh}", f"{en}, which is empty"))
            return None
        at, header = self._best([cells for _, cells in head], sheet.name)
        words = [word for word in header.words if word]
        self._seen += words
        if not header.missing:
            return header, at
        lacking = errors.columns_missing(sheet.name, header.missing, words, sheet.hidden_words)
        if len(header.places) > 1:
            # It is such a table, and would be left out whole.
            raise lacking
        self._lacking = self._lacking or lacking
        self._unread.append(Unread(f"{zh}（没有要找的列）", f"{en}, which has none of the columns"))
        return None

    def _best(self, head: Sequence[Cells], sheet: str) -> tuple[int, Header]:
        """The row with most headers that are looked for; two rows together, where that makes more."""
        known = self._headers.known
        at = max(range(len(head)), key=lambda n: (known(head[n]), -n))
        alone = known(head[at])
        pairs = [n for n in (at - 1, at) if 0 <= n < len(head) - 1 and known(head[n], head[n + 1]) > alone]
        if not pairs:
            return at, self._headers.read(head[at], sheet=sheet)
        over = max(pairs, key=lambda n: known(head[n], head[n + 1]))
        return over + 1, self._headers.read(head[over], head[over + 1], sheet=sheet)

    def _row(self, sheet: Sheet, line: int, row: Cells, header: Header) -> bool:
        """Take or refuse a row; False for a line below the table that is none."""
        values: dict[str, Any] = {}
        wrong: list[tuple[str | None, GridGovError]] = []
        for column, reader in self._columns:
            try:
                values[column.name] = reader(_told(row, column, header), sheet.zero)
            except GridGovError as error:
                wrong.append((column.name, error))
        if any(why.code == errors.CELL_MISSING.code for _, why in wrong) and _is_beside(row):
            return False
        if not wrong:
            wrong = [*self._named_otherwise(row, header, values)]
        if not wrong:
            wrong = [(broken.field, broken) for broken in self._check(values)]
        if not wrong and self._key:
            wrong = self._repeated(sheet, line, values)
        for name, why in wrong:
            title = header.taken.get(name or "") or self._titles.get(name or "", "")
            was = _was(_cell(row, header.places.get(name or "")))
            self._refusals.append(_refusal(sheet.name, line, name, title, why, was))
        if not wrong:
            self._rows.append(Row(sheet.name, line, values, self._lacks))
        return True

    def _named_otherwise(
        self, row: Cells, header: Header, values: Mapping[str, Any]
    ) -> Iterator[tuple[str, GridGovError]]:
        """Ids beside which stands the name of something else: who changes the name alone means that other one."""
        for column, naming in self._names:
            name = cells.text(_cell(row, header.places.get(column.instead)))
            if not name or not values[column.name]:
                continue
            try:
                meant = naming(name)
            except GridGovError:
                continue  # nobody's name, or that of several
            if meant != values[column.name]:
                yield column.instead, errors.CELL_NAMES_ANOTHER(name=name, id=meant)

    def _repeated(self, sheet: Sheet, line: int, values: Mapping[str, Any]) -> list[tuple[str | None, GridGovError]]:
        first = self._keys.setdefault(tuple(values[name] for name in self._key), (sheet.name, line))
        if first == (sheet.name, line):
            return []
        return [(self._key[0], errors.row_repeated(first, (sheet.name, line)))]

    def _tell(self, sheet: Sheet, header: Header, above: Sequence[str], passed: Sequence[str]) -> None:
        zh, en = _named(sheet)
        for several, what_zh, what_en in (
            (above, "表头之上的行", "lines above the header"),
            (passed, "合计、说明等行", "lines with sums or remarks"),
            (sheet.hidden_rows, "隐藏的行", "hidden rows"),
            (
                [*map(" ".join, zip(sheet.hidden_columns, sheet.hidden_words, strict=True))],
                "隐藏的列",
                "hidden columns",
            ),
            (header.unread, "其他列", "other columns"),
        ):
            if several:
                names = [str(one) for one in several[:_NAMED]] + (["…"] if len(several) > _NAMED else [])
                told = Unread(f"{zh}{what_zh}：{'、'.join(names)}", f"{what_en} of {en}: {', '.join(names)}")
                self._unread.append(told)


def _refusal(sheet: str, line: int, name: str | None, header: str, why: GridGovError, was: str) -> Refusal:
    """What was done wrong once was most often done in every row: the same words are kept once."""
    return Refusal(sheet, line, name, header, why.code, intern(why.zh), intern(why.en), intern(was))


def _cell(row: Cells, place: int | None) -> Cell:
    return row[place] if place is not None and place < len(row) else None


def _is_beside(row: Cells) -> bool:
    return _NO_ROW.match("".join(_first_word(row).lower().split())) is not None


def _is_sum(row: Cells, header: Header) -> bool:
    """Whether a line begins as a sum does in a column that is not read, such as 序号."""
    first = next(place for place, cell in enumerate(row) if not is_blank(cell))
    return first not in header.places.values() and _is_beside(row)


def _told(row: Cells, column: Column, header: Header) -> Cell:
    cell = _cell(row, header.places.get(column.name))
    return _cell(row, header.places.get(column.instead)) if column.instead and is_blank(cell) else cell


def _first_word(row: Cells) -> str:
    return next((_was(cell)[:20] for cell in row if _was(cell).strip()), "")


def _is_example(row: Cells) -> bool:
    return any(isinstance(cell, str) and cell.startswith(EXAMPLE) for cell in row)


def _named(sheet: Sheet) -> tuple[str, str]:
    return (f"工作表“{sheet.name}”", f"the sheet “{sheet.name}”") if sheet.name else ("表格", "the table")


def _was(cell: Cell) -> str:
    shown = cell.shown if isinstance(cell, Broken) else "" if cell is None else str(cell)
    return shown[:100]
