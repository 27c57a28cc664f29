"""A ledger: one description of its columns gives template, import, the answer to an import, and export.

An import reads and checks all rows before anything is done with one. Nothing here waits: call it in a thread.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any

from shared.sheets import read
from shared.sheets.cells import Cell, Cells
from shared.sheets.columns import Column
from shared.sheets.headers import PROBLEM, Headers
from shared.sheets.reading import EXAMPLE, Check, Reader, Reading, Refusal
from shared.sheets.workbook import Sheet
from shared.sheets.write import Heading, Page, csv_bytes, workbook_bytes


class Ledger:
    """`key` names the columns by which a row is known: the same twice in a file is refused. Without one, nothing is."""

    def __init__(
        self, name: str, columns: Sequence[Column], *, key: Sequence[str] = (), check: Check = lambda _: ()
    ) -> None:
        self.name = name
        self.columns = tuple(columns)
        self._key = tuple(key)
        self._check = check

    def column(self, name: str | None) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def read(self, content: bytes, columns: Mapping[str, str] | None = None, *, most: int | None = None) -> Reading:
        """All rows (or the first `most`), checked. `columns` maps headers to columns and wins over what is recognised.

        Raises Invalid, TooLarge for a file that cannot be read whole.
        """
        return Reader(self.columns, self._key, self._check, self._headers(columns)).read(content, most)

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
        pages = [
            Page(sheet.name, (), _answered(sheet, headers[sheet.name], said, all_rows=all_rows))
            for sheet in book.sheets
            if (all_rows and sheet.name in headers) or any(name == sheet.name for name, _ in said)
        ]
        if book.written is not None:
            return csv_bytes(pages[0].rows, delimiter=book.written.delimiter, encoding=book.written.encoding), ".csv"
        return workbook_bytes(pages), ".xlsx"

    def template(self) -> bytes:
        """An empty workbook to fill in: drop-downs, notes, and an example that is passed over when it comes back."""
        example = [column.example for column in self.columns]
        example[0] = f"{EXAMPLE}{'' if example[0] is None else example[0]}"
        return workbook_bytes([Page(self.name, self._headings(), [example], examples=1)])

    def export(self, rows: Iterable[Mapping[str, Any]]) -> bytes:
        """A workbook that `read` takes again."""
        columns = [(column.name, column.shower()) for column in self.columns]
        shown = ([show(row.get(name)) if show else row.get(name) for name, show in columns] for row in rows)
        return workbook_bytes([Page(self.name, self._headings(), shown)])

    def _headers(self, columns: Mapping[str, str] | None = None) -> Headers:
        return Headers([column.wanted for column in self.columns], columns)

    def _headings(self) -> list[Heading]:
        return [
            Heading(
                f"*{column.zh}" if column.required else column.zh,
                note="\n".join(
                    part for part in (column.en, "必填 required" if column.required else "", column.note) if part
                ),
                choices=tuple(column.choices),
            )
            for column in self.columns
        ]


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
