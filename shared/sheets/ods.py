"""What the reader does not tell of an .ods: see `xlsx`. Repeated cells and rows are counted, for the reader repeats them."""

import zipfile
from datetime import datetime
from xml.parsers import expat

from shared.sheets import errors
from shared.sheets.cells import Broken
from shared.sheets.parts import Characters, Grid, chunks
from shared.sheets.times import SINCE_1900
from shared.sheets.xlsx import Marks


def marks(archive: zipfile.ZipFile) -> tuple[dict[str, Marks], datetime]:
    """By name of sheet, and the day zero of its numbers. Raises Invalid, TooLarge before anything is built of it."""
    if b"manifest:encryption-data" in b"".join(
        piece for name in ("META-INF/manifest.xml",) if name in archive.namelist() for piece in chunks(archive, name)
    ):
        raise errors.SHEET_PROTECTED()
    scan = _Scan()
    parser = expat.ParserCreate()
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    parser.buffer_text = True
    try:
        for chunk in chunks(archive, "content.xml"):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise errors.SHEET_DAMAGED() from error
    return scan.sheets, SINCE_1900


class _Scan:
    """Follows the elements of content.xml."""

    def __init__(self) -> None:
        self.sheets: dict[str, Marks] = {}
        self._characters = Characters()
        self._found = Marks()
        self._grid = Grid(self._characters)
        self._row = self._column = self._line = 0
        self._rows = self._columns = 1
        self._length = 0
        self._kind = ""
        self._shown = ""
        self._hidden = False
        self._merged: list[tuple[tuple[int, int], tuple[int, int]]] = []

    def start(self, tag: str, has: dict[str, str]) -> None:
        if tag == "table:table":
            self._found, self._grid, self._row, self._column, self._merged = Marks(), Grid(self._characters), 0, 0, []
            self.sheets[has.get("table:name", "")] = self._found
            self._found.merged = self._merged
        elif tag == "table:table-column":
            times = int(has.get("table:number-columns-repeated", "1"))
            if has.get("table:visibility", "visible") != "visible":
                self._found.hidden_columns.append(range(self._column, self._column + times))
            self._column += times
        elif tag == "table:table-row":
            self._rows, self._column = int(has.get("table:number-rows-repeated", "1")), 0
            self._hidden = has.get("table:visibility", "visible") != "visible"
        elif tag in {"table:table-cell", "table:covered-table-cell"}:
            self._columns = int(has.get("table:number-columns-repeated", "1"))
            self._length, self._shown = 0, ""
            self._kind = has.get("calcext:value-type") or has.get("office:value-type", "")
            if (down := int(has.get("table:number-rows-spanned", "1"))) > 1:
                self._merged.append(((self._row, self._column), (self._row + down - 1, self._column)))

    def text(self, told: str) -> None:
        self._length += len(told)
        if self._kind == "error":
            self._shown += told[:20]

    def end(self, tag: str) -> None:
        if tag in {"table:table-cell", "table:covered-table-cell"}:
            if self._kind or self._length:
                self._grid.cell(
                    self._row + self._rows - 1, self._column + self._columns - 1,
                    self._length * self._rows * self._columns,
                )  # fmt: skip
                self._grid.check()
                if self._kind == "error":
                    self._found.broken[self._row, self._column] = Broken(self._shown.strip() or "#?")
                if self._hidden:
                    self._found.hidden_rows.update(range(self._row, self._row + self._rows))
            self._column += self._columns
            self._kind = ""
        elif tag == "table:table-row":
            self._row += self._rows
