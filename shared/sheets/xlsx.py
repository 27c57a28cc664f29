"""What the reader does not tell of an .xlsx: hidden rows and columns, broken cells, the date system; and its measure."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from html import unescape
from typing import Final

from shared.sheets import errors, limits
from shared.sheets.cells import Broken
from shared.sheets.parts import Characters, Grid, chunks, whole
from shared.sheets.times import SINCE_1900, SINCE_1904

_CELL_OR_ROW: Final = re.compile(
    rb"<(?:\w+:)?(?:c(?=[\s>/])(?: r=\"([A-Z]{1,3})([0-9]{1,7})\")?([^>]*)>(<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>))?(?:<(?:\w+:)?v\b[^>]*>([^<]*)<)?"
    rb"|row\b([^>]*)>|col\b([^>]*)>)"
)
_REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
_TYPE: Final = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
_HIDDEN: Final = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_SPAN: Final = re.compile(rb"""\b(min|max)\s*=\s*["'](\d{1,6})["']""")
_ATTRIBUTE: Final = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ELEMENT: Final = re.compile(r"<(?:\w+:)?(sheet|Relationship|workbookPr)\b([^>]*)>")
_STRING: Final = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_SMALL: Final = 8 << 20


@dataclass(slots=True)
class Marks:
    """What of one sheet is hidden or broken; rows and columns from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[range] = field(default_factory=list)
    broken: dict[tuple[int, int], Broken] = field(default_factory=dict)
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


def marks(archive: zipfile.ZipFile) -> tuple[dict[str, Marks], datetime]:
    """By name of sheet, and the day zero of its numbers. Raises Invalid, TooLarge before anything is built of it."""
    names = {name.lower(): name for name in archive.namelist()}
    book = _small(archive, "xl/workbook.xml", names)
    targets = relations(archive, "xl/_rels/workbook.xml.rels", names)
    sheets: dict[str, str] = {}
    zero = SINCE_1900
    for tag, attributes in _elements(book):
        if tag == "sheet":
            target = targets.get(next((v for k, v in attributes.items() if k.endswith(":id")), ""), "")
            sheets[attributes.get("name", "")] = target_of(target)
        elif tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            zero = SINCE_1904
    lengths = _string_lengths(archive, names)
    characters = Characters()
    # Every part is measured, whatever it is called: the reader goes by what the parts say of each other.
    measured = {low: _scan(archive, name, lengths, characters) for low, name in names.items() if _may_be_sheet(low)}
    return {name: measured[path] for name, path in sheets.items() if path in measured}, zero


def _may_be_sheet(path: str) -> bool:
    return not path.endswith(("sharedstrings.xml", "styles.xml", ".png", ".jpg", ".jpeg", ".gif", ".emf", ".rels"))


def relations(archive: zipfile.ZipFile, path: str, names: dict[str, str]) -> dict[str, str]:
    """Which id stands for which part."""
    listed = _elements(_small(archive, path, names))
    return {a.get("Id", ""): a.get("Target", "") for tag, a in listed if tag == "Relationship"}


def target_of(told: str) -> str:
    """The path of a part, small letters, as a relation of the workbook tells it."""
    return (told[1:] if told.startswith("/") else f"xl/{told}").lower()


def _small(archive: zipfile.ZipFile, path: str, names: dict[str, str]) -> str:
    if path not in names:
        raise errors.SHEET_DAMAGED()
    if archive.getinfo(names[path]).file_size > _SMALL:
        raise errors.too_many_bytes()
    return whole(archive, names[path]).decode("utf-8", "replace")


def _elements(xml: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag, attributes in _ELEMENT.findall(xml):
        yield tag, {name: unescape(one or other) for name, one, other in _ATTRIBUTE.findall(attributes)}


def _string_lengths(archive: zipfile.ZipFile, names: dict[str, str]) -> list[int]:
    name = names.get("xl/sharedstrings.xml")
    if name is None:
        return []
    lengths: list[int] = []
    for piece in _pieces(archive, name, b"</si>"):
        lengths += [match.end(1) - match.start(1) for match in _STRING.finditer(piece)]
        if len(lengths) > limits.MOST_STRINGS:
            raise errors.too_many_cells()
    return lengths


def _pieces(archive: zipfile.ZipFile, name: str, end: bytes) -> Iterator[bytes]:
    """A part in pieces that end where an element does, so that none is cut in two."""
    rest = b""
    for chunk in chunks(archive, name):
        piece = rest + chunk
        cut = piece.rfind(end) + len(end) if end in piece else 0
        # An element of many MB is no table; it is looked at as it comes.
        if not cut and len(piece) > _SMALL:
            cut = len(piece)
        yield piece[:cut]
        rest = piece[cut:]
    yield rest


def _scan(archive: zipfile.ZipFile, name: str, lengths: Sequence[int], characters: Characters) -> Marks:
    scan = _Scan(lengths, characters)
    for piece in _pieces(archive, name, b"</c>"):
        for match in _CELL_OR_ROW.finditer(piece):
            letters, number, cell, formula, value, row, column = match.groups()
            if cell is not None:
                scan.cell(letters, number, cell, formula, value)
            elif row is not None:
                scan.row(row)
            else:
                scan.columns(column)
        scan.grid.check()
    return scan.found


class _Scan:
    """Follows the elements of one sheet by their attributes."""

    def __init__(self, lengths: Sequence[int], characters: Characters) -> None:
        self.found, self.grid = Marks(), Grid(characters)
        self._lengths, self._longest = lengths, max(lengths, default=0)
        self._row = self._column = -1

    def row(self, has: bytes) -> None:
        reference = _REFERENCE.search(has)
        self._row, self._column = int(reference[2]) - 1 if reference else self._row + 1, -1
        if b"hidden" in has and _HIDDEN.search(has):
            self.found.hidden_rows.add(self._row)

    def columns(self, has: bytes) -> None:
        if _HIDDEN.search(has):
            span = {key: int(value) for key, value in _SPAN.findall(has)}
            self.found.hidden_columns.append(range(span.get(b"min", 1) - 1, span.get(b"max", 1)))

    def cell(
        self, letters: bytes | None, number: bytes, has: bytes, formula: bytes | None, value: bytes | None
    ) -> None:
        if letters is not None:
            self._row, self._column = int(number) - 1, _column(letters)
        elif reference := _REFERENCE.search(has):  # written in another way than by Excel
            self._row, self._column = int(reference[2]) - 1, _column(reference[1])
        else:
            self._column += 1
        if has.endswith(b"/"):
            return  # formatted, and nothing in it: not kept by the reader
        kind = told[1] if b"t" in has and (told := _TYPE.search(has)) else b"n"
        self.grid.cell(self._row, self._column, self._length(value) if kind == b"s" else 0)
        if kind == b"e":
            self.found.broken[self._row, self._column] = Broken((value or b"#?").decode("utf-8", "replace"))
        elif formula is not None and not value and kind != b"str":
            self.found.broken[self._row, self._column] = Broken("")

    def _length(self, index: bytes | None) -> int:
        number = int(index) if index is not None and index.isdigit() else len(self._lengths)
        return self._lengths[number] if number < len(self._lengths) else self._longest


@lru_cache(maxsize=20_000)
def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
