"""Rows that take about as much memory as the file they came from: packed some hundred at a time, unpacked as they are read.

A row unpacked is a dict of twenty values, two kilobytes; fifty thousand of them would be what a small server has.
"""

import pickle
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, overload

_AT_ONCE: Final = 500
_FAST: Final = 1
"""The level of compression: rows are much alike."""
_Values = tuple[str, int, list[Any], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be taken. `line` is its number as Excel shows it. Of the columns that its sheet `lacks` the values are
    those of empty cells, and yet nothing was said: what is there already stays."""

    sheet: str
    line: int
    values: Mapping[str, Any]
    lacks: frozenset[str] = frozenset()

    def kept(self, before: object) -> dict[str, Any]:
        """What `before` says in fields called as columns that the sheet lacks."""
        return {name: getattr(before, name) for name in self.lacks if hasattr(before, name)}


class PackedRows(Sequence[Row]):
    """Rows with the same columns, in their order. Read them one after the other: each part is unpacked for itself."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._parts: list[bytes] = []
        self._last: list[_Values] = []

    def append(self, row: Row) -> None:
        self._last.append((row.sheet, row.line, [row.values[name] for name in self._columns], row.lacks))
        if len(self._last) == _AT_ONCE:
            self._parts.append(zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), _FAST))
            self._last = []

    def __len__(self) -> int:
        return len(self._parts) * _AT_ONCE + len(self._last)

    def __iter__(self) -> Iterator[Row]:
        for part in range(len(self._parts) + 1):
            yield from map(self._row, self._part(part))

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[one] for one in range(len(self))[at]]
        part, within = divmod(range(len(self))[at], _AT_ONCE)
        return self._row(self._part(part)[within])

    def _part(self, number: int) -> list[_Values]:
        if number == len(self._parts):
            return self._last
        values: list[_Values] = pickle.loads(zlib.decompress(self._parts[number]))  # noqa: S301 - packed above
        return values

    def _row(self, told: _Values) -> Row:
        sheet, line, values, lacks = told
        return Row(sheet, line, dict(zip(self._columns, values, strict=True)), lacks)
