"""A ledger: one description of its columns gives template, import, the answer to an import, and export.

An import reads and checks all rows before anything is done with one. Nothing here waits: call it in a thread.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any, Final

from shared.sheets import read
from shared.sheets.cells import Cell, Cells
from shared.sheets.columns import Called, Column, Kind
from shared.sheets.headers import PROBLEM, Headers
from shared.sheets.reading import EXAMPLE, Check, Reader, Reading, Refusal, Unread
from shared.sheets.workbook import NOTES, Sheet
from shared.sheets.write import Form, Heading, Page, csv_bytes, workbook_bytes

_FORMS: Final[Mapping[Kind, Form]] = {
    **dict.fromkeys(("id", "unit", "person", "premises", "clock", "month"), "text"),
    "number": "number",
    "whole": "number",
    "date": "date",
    "instant": "instant",
    "until": "instant",
}


_WRITTEN: Final[Mapping[Kind, str]] = {
    "date": "日期 a day：2026-3-1、2026.3.1、2026年3月1日、20260301；“长期”“无”同留空",
    "days": "日期，可多个，用顿号隔开 days, separated by 、",
    "instant": "日期和钟点 day and time：2026-3-1 8:30、2026年3月1日 上午8点半",
    "until": "日期，或日期和钟点；只写日期即到那天 24 点 a day, until its end, or a day and time",
    "weekdays": "星期几，可多个 weekdays：周一、周三 或 周一至周五",
    "clock": "钟点 a time of day：8:30",
    "month": "年、年月或日期 a year, a month or a day：1985、1985-06、1985年6月",
    "number": "只填数字 digits only",
    "whole": "只填整数 a whole number",
    "unit": "单位编码，或单位树中的名称、别名；同名的请在前面写上社区等上级名称 a code, a name or an alias",
    "units": "单位编码或名称，用顿号隔开 codes or names, separated by 、",
    "person": "登录标识，或有账号者的姓名（不重名时） a subject, or a name that only one has",
    "premises": "档案号，或场所名称（不重名时） a number, or a name that only one has",
    "list": "可多个，用顿号隔开 several, separated by 、",
}
"""What is understood in a column, by its kind; the notes of each template say it."""
_UNDERSTOOD: Final = (
    "表头上方可有标题行；表头可占两行；列的次序不限，可有其他列（不读入，导入后会列出）。A title may stand above the header.",
    "“是/否”也可写 √、×、有、无；“/”“—”表示没有。√ and × are understood; a stroke says that there is nothing.",
    "合计行、说明行、只有序号的行不读入；隐藏的行、列、工作表不读入。Sums, remarks, and what is hidden are not read.",
    "有一行不对，整张表都不导入；退回的表写明每一行的问题，改好后可直接再导入。All rows are taken or none.",
)


_UNREAD: Final = "没有读入 unread"


class Ledger:
    """`key` names the columns by which a row is known: the same twice in a file is refused. Without one, nothing is.
    `about` is the word with which offices begin its headers, where it is not `name`."""

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        key: Sequence[str] = (),
        check: Check = lambda _: (),
        about: str = "",
    ) -> None:
        self.name = name
        self._about = about or name
        self.columns = tuple(columns)
        self._key = tuple(key)
        self._check = check

    @property
    def kinds(self) -> frozenset[Kind]:
        """What kinds of columns it has."""
        return frozenset(column.kind for column in self.columns)

    def column(self, name: str | None) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def read(
        self,
        content: bytes,
        columns: Mapping[str, str] | None = None,
        *,
        most: int | None = None,
        called: Called | None = None,
    ) -> Reading:
        """All rows (or the first `most`), checked. `columns` maps headers to columns and wins over what is recognised;
        `called` says what is meant by a name where an id is wanted.

        Raises Invalid, TooLarge for a file that cannot be read whole.
        """
        return Reader(self.columns, self._key, self._check, self._headers(columns), called).read(content, most)

    def answer(
        self, content: bytes, reading: Reading, refusals: Iterable[Refusal], *, all_rows: bool = False
    ) -> tuple[bytes, str]:
        """The file as it was sent with one more column that says what is wrong, and its suffix.

        Of the rows only the refused ones, to be corrected and sent again; or `all_rows`.
        """
        said: dict[tuple[str, int], list[str]] = {}
        for refusal in refusals:
            about_zh, about_en = (f"{refusal.column}：", f"{refusal.column}: ") if refusal.column else ("", "")
            words = f"{about_zh}{refusal.zh} / {about_en}{refusal.en}"
            said.setdefault((refusal.sheet, refusal.line), []).append(intern(words))
        headers = {sheet.name: sheet.header for sheet in reading.sheets}
        book = read.opened(content, self._headers().known)
        pages = (
            Page(sheet.name, (), _answered(sheet, headers[sheet.name], said, all_rows=all_rows), marked=PROBLEM)
            for sheet in book.sheets
            if (all_rows and sheet.name in headers) or any(name == sheet.name for name, _ in said)
        )
        if book.written is not None:
            return csv_bytes(next(pages).rows, delimiter=book.written.delimiter, encoding=book.written.encoding), ".csv"
        return workbook_bytes(pages), ".xlsx"

    def template(self) -> bytes:
        """An empty workbook to fill in: drop-downs, notes, and an example that is passed over when it comes back."""
        example = [column.example for column in self.columns]
        example[0] = f"{EXAMPLE}{'' if example[0] is None else example[0]}"
        return workbook_bytes([Page(self.name, self._headings(), [example], examples=1), self._notes()])

    def export(self, rows: Iterable[Mapping[str, Any]], *, unread: Sequence[Unread] = ()) -> bytes:
        """A workbook that `read` takes again. `unread`, on a sheet of its own: what of a file that was sent was not read."""
        columns = [(column.name, column.shower()) for column in self.columns]
        shown = ([show(row.get(name)) if show else row.get(name) for name, show in columns] for row in rows)
        pages = [Page(self.name, self._headings(), shown)]
        if unread:
            pages.append(Page(_UNREAD, [Heading(_UNREAD)], [(f"{one.zh} · {one.en}",) for one in unread]))
        return workbook_bytes(pages)

    def _notes(self) -> Page:
        rows = [
            (column.zh, column.en, "必填 required" if column.required else "", _how(column)) for column in self.columns
        ]
        headings = [Heading("列"), Heading("column"), Heading("必填"), Heading("怎么填 how to fill in")]
        return Page(NOTES, headings, [*rows, *(("", "", "", words) for words in _UNDERSTOOD)])

    def _headers(self, columns: Mapping[str, str] | None = None) -> Headers:
        return Headers([column.wanted for column in self.columns], columns, self._about)

    def _headings(self) -> list[Heading]:
        return [
            Heading(
                f"*{column.zh}" if column.required else column.zh,
                note="\n".join(
                    part for part in (column.en, "必填 required" if column.required else "", column.note) if part
                ),
                choices=tuple(column.choices),
                form=_FORMS.get(column.kind, ""),
            )
            for column in self.columns
        ]


def _how(column: Column) -> str:
    choices = f"只能选 choose one of：{'、'.join(column.choices)}" if column.choices else ""
    return "\n".join(part for part in (column.note, _WRITTEN.get(column.kind, ""), choices) if part)


def _answered(
    sheet: Sheet, header: int, said: Mapping[tuple[str, int], Sequence[str]], *, all_rows: bool
) -> Iterator[Cells]:
    """What stands above the header stays; a column of reasons that came with the file makes room for the new one."""
    width, old = 0, None
    for line, cells in sheet.rows:
        row: list[Cell] = list(cells)
        if line == header:
            old = next((place for place, cell in enumerate(row) if cell == PROBLEM), None)
            width = len(row) - (old is not None)
        reasons = said.get((sheet.name, line), ())
        if line > header and not reasons and not all_rows:
            continue
        if line >= header:
            if old is not None and old < len(row):
                del row[old]
            row += [None] * (width - len(row))
            # Behind the number of the row, for here it has another one.
            row.append(
                PROBLEM if line == header else f"第 {line} 行 row {line}：{'；'.join(reasons)}" if reasons else None
            )
        yield row
