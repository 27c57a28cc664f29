"""CSV and text tables: which encoding, which delimiter, and the records with the row numbers that Excel shows."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

from shared.errors import GridGovError
from shared.sheets import errors
from shared.sheets.cells import Cells
from shared.sheets.limits import HEADER_WITHIN, LONGEST_CELL

DELIMITERS: Final = (",", "\t", ";", "|", "，", "；")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SHOWN: Final = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "gb18030": "GB18030"}
_TEXT_AS_FORMULA: Final = re.compile(r'^="([^"]*)"$')
"""How systems on the web write a number that Excel must leave as it is: `="00123"`."""
_FEW_BAD: Final = 0.1
"""Of the characters beyond ASCII: with fewer bad ones the encoding is right and the file has a fault."""

csv.field_size_limit(LONGEST_CELL * 10)


@dataclass(frozen=True, slots=True)
class Written:
    """How a text table was written, so that an answer can be written likewise."""

    encoding: str
    delimiter: str


def read(content: bytes, known: Callable[[Cells], int]) -> tuple[Written, Iterator[tuple[int, Cells]]]:
    """The records with their row numbers from 1. `known` says how many headers a record holds; it decides between
    delimiters, for a title or a text may hold any of them. Raises Invalid."""
    told, encoding = _in_chinese(content, known)
    # Excel writes this first line to say what the delimiter is.
    said = told[4] if told[:4].lower() == "sep=" and told[5:6] in {"\n", "\r"} else None
    delimiter = said or max(DELIMITERS, key=lambda one: _fitness(told, one, known))
    return Written(encoding, delimiter), _records(told, delimiter, skip=said is not None)


def _in_chinese(content: bytes, known: Callable[[Cells], int]) -> tuple[str, str]:
    """As `decoded`; but text of Taiwan and Hong Kong in Big5 decodes as GB18030 too, to other characters: headers that
    are looked for tell them apart."""
    try:
        told, encoding = decoded(content)
    except GridGovError:
        told, encoding = "", "gb18030"
    if encoding == "gb18030":
        with suppress(UnicodeDecodeError):
            other = content.decode("big5")
            if _headers(other, known) > _headers(told, known):
                return other, "big5"
    return (told, encoding) if told else decoded(content)


def _headers(told: str, known: Callable[[Cells], int]) -> int:
    return max(_fitness(told, delimiter, known)[0] for delimiter in DELIMITERS)


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding. Raises Invalid naming the line of a byte that does not belong."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _strict(content, encoding), encoding
    try:
        told = content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if told.count("\0") * 10 <= len(told):
            return told, "utf-8"
    if len(content) % 2 == 0 and (zeros := content.count(b"\0")) * 50 > len(content):
        # UTF-16 without its mark: the upper half of each ASCII character is zero, in front or behind.
        return _strict(content, found := "utf-16-le" if content[1::2].count(0) * 2 > zeros else "utf-16-be"), found
    # Text in UTF-8 with one fault may well decode as GB18030, to nonsense.
    if _share_bad(content, "utf-8") < _FEW_BAD:
        return _strict(content, "utf-8"), "utf-8"
    if _share_bad(content, "gb18030") < _FEW_BAD:
        return _strict(content, "gb18030"), "gb18030"
    raise errors.SHEET_ENCODING_UNKNOWN()


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding not in _SHOWN:
            raise errors.SHEET_ENCODING_UNKNOWN() from error
        line = content.count(b"\n", 0, error.start) + 1
        raise errors.bad_byte(line, content[error.start], _SHOWN[encoding]) from error


def _share_bad(content: bytes, encoding: str) -> float:
    told = content.decode(encoding, "replace")
    beyond = sum(not char.isascii() for char in told)
    controls = sum(told.count(chr(n)) for n in range(9))
    return (told.count("\ufffd") + controls) / beyond if beyond else 1.0


def _fitness(told: str, delimiter: str, known: Callable[[Cells], int]) -> tuple[int, int, int]:
    head: list[Sequence[str]] = []
    # What is wrong with the quotation marks is told by the reading itself.
    with suppress(csv.Error):
        head.extend(islice(csv.reader(_lines(told), delimiter=delimiter), HEADER_WITHIN))
    widths = Counter(len(record) for record in head if len(record) > 1)
    alike = max(widths.values(), default=0)
    return max((known(record) for record in head), default=0), alike, max(widths, default=0)


def _records(told: str, delimiter: str, *, skip: bool) -> Iterator[tuple[int, Cells]]:
    # Strict: a quotation mark that never closes would otherwise swallow all rows behind it as one text.
    reader = csv.reader(_lines(told), delimiter=delimiter, strict=True)
    as_formulas = '="' in told
    try:
        for row, record in enumerate(reader, 1):
            if row > 1 or not skip:
                yield row, [_TEXT_AS_FORMULA.sub(r"\1", cell) for cell in record] if as_formulas else record
    except csv.Error as error:
        raise errors.SHEET_QUOTES_OPEN(line=reader.line_num) from error


def _lines(told: str) -> io.StringIO:
    return io.StringIO(told, newline="")
