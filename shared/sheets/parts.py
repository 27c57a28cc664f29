"""Zipped workbooks that may be hostile (.xlsx, .xlsb, .ods): their parts are measured before the reader unpacks them.

The reader holds a sheet as a dense grid: a single cell at XFD1048576 would make it 17 thousand million cells.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from shared.sheets import errors, limits

_CHUNK: Final = 1 << 20
_ALL_MARKS: Final = b"<!DOCTYPE"


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive, its sizes checked as it states them. Raises Invalid, TooLarge."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > limits.MOST_PARTS or unpacked > limits.MOST_UNPACKED:
                raise errors.too_many_bytes()
            if unpacked > limits.RATIO_FROM and unpacked > limits.MOST_RATIO * len(content):
                raise errors.too_many_bytes()
            if any(part.flag_bits & 1 for part in parts):
                raise errors.SHEET_PROTECTED()
            yield archive
    # NotImplementedError: a compression of its own; RuntimeError: parts with a password.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise errors.SHEET_DAMAGED() from error


def whole(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small part; a part that is longer than it says fails its checksum here, before the reader believes it."""
    return b"".join(chunks(archive, name))


def chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part piece by piece. Raises Invalid for what no office program writes: a document type, UTF-16."""
    first = True
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            if first and (chunk[:2] in {b"\xff\xfe", b"\xfe\xff"} or _ALL_MARKS in chunk) and name.endswith(".xml"):
                raise errors.SHEET_DAMAGED()
            first = False
            yield chunk


class Grid:
    """Counts what the cells of one sheet would take. Raises TooLarge as soon as it is too much."""

    def __init__(self, characters: "Characters") -> None:
        self._rows = self._columns = 0
        self._characters = characters

    def cell(self, row: int, column: int, characters: int = 0) -> None:
        """A cell with something in it, from 0."""
        if row >= self._rows:
            self._rows = row + 1
        if column >= self._columns:
            self._columns = column + 1
        self._characters.count += characters

    def check(self) -> None:
        if self._columns > limits.MOST_COLUMNS or self._rows * self._columns > limits.MOST_CELLS:
            raise errors.too_many_cells()
        self._characters.check()


class Characters:
    """The texts of all sheets together."""

    def __init__(self) -> None:
        self.count = 0

    def check(self) -> None:
        if self.count > limits.MOST_CHARACTERS:
            raise errors.too_many_cells()
