"""What the reader does not tell of an .xlsb, the binary workbook: see `xlsx`, whose records these are."""

import struct
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from shared.sheets import errors, limits
from shared.sheets.cells import Broken
from shared.sheets.parts import Characters, Grid, whole
from shared.sheets.times import SINCE_1900, SINCE_1904
from shared.sheets.xlsx import Marks, relations, target_of

_ROW, _SHARED, _MERGED, _COLUMNS, _BOOK, _SHEET, _STRING = 0, 7, 176, 60, 153, 156, 19
_CELLS: Final = range(2, 12)
_BROKEN: Final = (3, 11)
ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def marks(archive: zipfile.ZipFile) -> tuple[dict[str, Marks], datetime]:
    """By name of sheet, and the day zero of its numbers. Raises Invalid, TooLarge before anything is built of it."""
    try:
        return _marks(archive)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise errors.SHEET_DAMAGED() from error


def _marks(archive: zipfile.ZipFile) -> tuple[dict[str, Marks], datetime]:
    names = {name.lower(): name for name in archive.namelist()}
    targets = relations(archive, "xl/_rels/workbook.bin.rels", names)
    zero, sheets = SINCE_1900, {}
    for kind, body in _records(whole(archive, names["xl/workbook.bin"])):
        if kind == _BOOK and body[0] & 1:
            zero = SINCE_1904
        elif kind == _SHEET:
            relation, end = _wide(body, 8)
            sheets[_wide(body, end)[0]] = target_of(targets.get(relation, ""))
    strings = names.get("xl/sharedstrings.bin")
    lengths = [
        struct.unpack_from("<I", body, 1)[0] for kind, body in _records(whole(archive, strings) if strings else b"")
        if kind == _STRING
    ]  # fmt: skip
    if len(lengths) > limits.MOST_STRINGS:
        raise errors.too_many_cells()
    characters = Characters()
    return {name: _scan(whole(archive, names[path]), lengths, characters) for name, path in sheets.items()}, zero


def _scan(part: bytes, lengths: Sequence[int], characters: Characters) -> Marks:
    found, grid, row, merged = Marks(), Grid(characters), -1, []
    for kind, body in _records(part):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0]
            if body[11] & 16:
                found.hidden_rows.add(row)
        elif kind in _CELLS:
            column = struct.unpack_from("<I", body)[0]
            index = struct.unpack_from("<I", body, 8)[0] if kind == _SHARED else 0
            grid.cell(row, column, lengths[index] if kind == _SHARED else 0)
            grid.check()
            if kind in _BROKEN:
                found.broken[row, column] = Broken(ERRORS.get(body[8], "#?"))
        elif kind == _COLUMNS:
            first, last = struct.unpack_from("<II", body)
            if body[16] & 1:
                found.hidden_columns.append(range(first, last + 1))
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            merged.append(((top, left), (bottom, right)))
    found.merged = merged
    return found


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | ((part[at] & 0x7F) << 7)
            at += 1
        size = shift = 0
        for _ in range(4):
            byte = part[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, part[at : at + size]
        at += size


def _wide(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length in front, and where it ends."""
    length = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end
