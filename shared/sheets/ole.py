"""Compound files (OLE 2), in which .xls and password-protected workbooks are kept: the names of streams, and one of them."""

import struct
from collections.abc import Iterator
from typing import Final

from shared.sheets import errors

_END: Final = 0xFFFFFFFA
"""Sector numbers from here on are marks, not places."""
_ENTRY: Final = 128
_ROOT, _STREAM = 5, 2


class Compound:
    """Raises Invalid for what is broken; never follows a chain in a circle."""

    def __init__(self, content: bytes) -> None:
        try:
            self._content = content
            self._size = 1 << struct.unpack_from("<H", content, 30)[0]
            if self._size not in {512, 4096}:
                raise errors.SHEET_DAMAGED()
            first, self._cutoff, mini = struct.unpack_from("<I4xII", content, 48)
            (more,) = struct.unpack_from("<I", content, 68)
            self._next = self._table(self._fat(more))
            entries = self._read(first)
            self.streams: dict[str, tuple[int, int]] = {}
            root = (0xFFFFFFFE, 0)
            for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
                length, kind = struct.unpack_from("<HB", entries, at + 64)
                start, size = struct.unpack_from("<II", entries, at + 116)
                if kind == _ROOT:
                    root = (start, size)
                elif kind == _STREAM:
                    self.streams[entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")] = (start, size)
            self._small = self._read(root[0])
            self._small_next = struct.unpack(f"<{len(m) // 4}I", m) if (m := self._read(mini)) else ()
        except struct.error as error:
            raise errors.SHEET_DAMAGED() from error

    def stream(self, name: str) -> bytes:
        start, size = self.streams[name]
        if size >= self._cutoff:
            return self._read(start)[:size]
        return b"".join(self._small[n * 64 : n * 64 + 64] for n in _chain(start, self._small_next))[:size]

    def _fat(self, more: int) -> list[int]:
        """The sectors that hold the table of sectors."""
        found = [n for n in struct.unpack_from("<109I", self._content, 76) if n < _END]
        seen: set[int] = set()
        while more < _END and more not in seen:
            seen.add(more)
            *some, more = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            found += [n for n in some if n < _END]
        return found

    def _table(self, sectors: list[int]) -> tuple[int, ...]:
        whole = b"".join(map(self._sector, sectors[: len(self._content) // self._size + 1]))
        return struct.unpack(f"<{len(whole) // 4}I", whole)

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        return self._content[at : at + self._size].ljust(self._size, b"\0")

    def _read(self, start: int) -> bytes:
        return b"".join(map(self._sector, _chain(start, self._next)))


def _chain(start: int, following: tuple[int, ...]) -> Iterator[int]:
    steps = 0
    while start < _END:
        steps += 1
        if start >= len(following) or steps > len(following):
            raise errors.SHEET_DAMAGED()
        yield start
        start = following[start]
