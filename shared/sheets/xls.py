"""What the reader does not tell of an .xls, the workbook of old: see `xlsx`. Its size is bounded by its records."""

import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from shared.sheets import errors
from shared.sheets.cells import Broken
from shared.sheets.ole import Compound
from shared.sheets.parts import Characters, Grid
from shared.sheets.times import SINCE_1900, SINCE_1904
from shared.sheets.xlsb import ERRORS
from shared.sheets.xlsx import Marks

_BEGIN, _SHEET, _PASSWORD, _DATES, _ROW, _COLUMNS = 0x809, 0x85, 0x2F, 0x22, 0x208, 0x7D
_STRINGS, _CONTINUED = 0xFC, 0x3C
_SHARED, _SEVERAL, _FORMULA, _BOOL_OR_ERROR = 0xFD, 0xBD, 0x06, 0x205
_CELLS: Final = frozenset({0x203, 0x204, 0x27E, 0xD6, _SHARED, _SEVERAL, _FORMULA, _BOOL_OR_ERROR})

Record = tuple[int, int, bytes]


def marks(content: bytes) -> tuple[dict[str, Marks], datetime]:
    """By name of sheet, and the day zero of its numbers. Raises Invalid, TooLarge before anything is built of it."""
    compound = Compound(content)
    if "EncryptedPackage" in compound.streams:
        raise errors.SHEET_PROTECTED()
    name = next((name for name in ("Workbook", "Book") if name in compound.streams), None)
    if name is None:
        raise errors.SHEET_KIND_UNKNOWN()
    try:
        return _marks(list(_records(compound.stream(name))))
    except (struct.error, IndexError) as error:
        raise errors.SHEET_DAMAGED() from error


def _marks(records: Sequence[Record]) -> tuple[dict[str, Marks], datetime]:
    names: dict[int, str] = {}
    sheets: dict[str, Marks] = {}
    lengths: list[int] = []
    zero, characters = SINCE_1900, Characters()
    found, grid = Marks(), Grid(characters)
    for number, (at, kind, body) in enumerate(records):
        if kind in _CELLS:
            _cell(kind, body, found, grid, lengths)
        elif kind in (_ROW, _COLUMNS):
            _hidden(kind, body, found)
        elif kind == _PASSWORD:
            raise errors.SHEET_PROTECTED()
        elif kind == _SHEET:
            names[struct.unpack_from("<I", body)[0]] = _name(body)
        elif kind == _STRINGS:
            lengths = list(_lengths(_Pieces(records, number)))
        elif kind == _DATES:
            zero = SINCE_1904 if body[0] else SINCE_1900
        elif kind == _BEGIN and at in names:
            found, grid = Marks(), Grid(characters)
            sheets[names[at]] = found
    return sheets, zero


def _hidden(kind: int, body: bytes, found: Marks) -> None:
    if kind == _ROW and body[12] & 0x20:
        found.hidden_rows.add(struct.unpack_from("<H", body)[0])
    elif kind == _COLUMNS and body[8] & 1:
        first, last = struct.unpack_from("<HH", body)
        found.hidden_columns.append(range(first, last + 1))


def _cell(kind: int, body: bytes, found: Marks, grid: Grid, lengths: Sequence[int]) -> None:
    row, column = struct.unpack_from("<HH", body)
    length = 0
    if kind == _SEVERAL:
        (column,) = struct.unpack_from("<H", body, len(body) - 2)
    elif kind == _SHARED:
        length = lengths[struct.unpack_from("<I", body, 6)[0]]
    elif kind == _BOOL_OR_ERROR and body[7]:
        found.broken[row, column] = Broken(ERRORS.get(body[6], "#?"))
    elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        found.broken[row, column] = Broken(ERRORS.get(body[8], "#?"))
    grid.cell(row, column, length)
    grid.check()


def _name(body: bytes) -> str:
    length, wide = body[6], body[7] & 1
    return body[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _records(stream: bytes) -> Iterator[Record]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


class _Pieces:
    """The table of texts, which goes on over several records."""

    def __init__(self, records: Sequence[Record], first: int) -> None:
        self._bodies = [records[first][2]]
        for _, kind, body in records[first + 1 :]:
            if kind != _CONTINUED:
                break
            self._bodies.append(body)
        self._piece = self._at = 0

    def skip(self, count: int) -> None:
        while count:
            self._turn()
            step = min(count, len(self._bodies[self._piece]) - self._at)
            self._at, count = self._at + step, count - step

    def take(self, form: str) -> int:
        self._turn()
        (value,) = struct.unpack_from(form, self._bodies[self._piece], self._at)
        self._at += struct.calcsize(form)
        return int(value)

    def characters(self, count: int, *, wide: bool) -> None:
        """Where characters go on in the next record, it says anew how wide they are."""
        while count:
            left = (len(self._bodies[self._piece]) - self._at) // (1 + wide)
            step = min(count, left)
            self._at, count = self._at + step * (1 + wide), count - step
            if count:
                self._at = len(self._bodies[self._piece])
                wide = bool(self.take("<B") & 1)

    def _turn(self) -> None:
        while self._at >= len(self._bodies[self._piece]):
            self._piece, self._at = self._piece + 1, 0


def _lengths(pieces: _Pieces) -> Iterator[int]:
    pieces.skip(4)
    for _ in range(pieces.take("<I")):
        length, flags = pieces.take("<H"), pieces.take("<B")
        runs = pieces.take("<H") if flags & 8 else 0
        more = pieces.take("<I") if flags & 4 else 0
        pieces.characters(length, wide=bool(flags & 1))
        pieces.skip(runs * 4 + more)
        yield length
