"""Workbooks are opened in a process of their own, with bounds on its memory and time.

What is measured beforehand (`xlsx`, `xls`, …) says in the right words that a table is too large. The reader is foreign
code all the same: what it cannot hold ends its process. That is this one, and the service goes on.
"""

import pickle
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any, Final

from shared.errors import GridGovError
from shared.sheets import errors, workbook
from shared.sheets.cells import Cells
from shared.sheets.workbook import Sheet

MOST_MEMORY: Final = 2 << 30
"""Bytes of address space; a table of 8,000,000 figures takes a third."""
MOST_SECONDS: Final = 60
"""Of CPU; 8,000,000 figures take 17, and 50,000 rows of 30 take three."""
_TOGETHER: Final = 500
_OTHER_END: Final = "from shared.sheets.apart import tell; tell()"


def sheets(content: bytes) -> tuple[list[str], Iterator[Sheet]]:
    """As `workbook.sheets`, which reads them: names of the hidden ones, and the visible ones. Raises Invalid, TooLarge.

    The rows of a sheet are there until the next sheet is asked for."""
    opened = _opened(content)
    return next(opened), opened


def _opened(content: bytes) -> Iterator[Any]:
    """The names of the hidden sheets, then each visible one. The process ends with this, however that ends."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-c", _OTHER_END], stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    assert process.stdout is not None
    try:
        told = process.stdout
        yield _next(told)
        while (begun := _next(told)) is not None:
            name, zero = begun
            sheet = Sheet(name, zero, iter(()))
            sheet.rows = _rows(told, sheet)
            yield sheet
            for _ in sheet.rows:  # what nobody wanted stands before the next sheet
                pass
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _rows(told: IO[bytes], sheet: Sheet) -> Iterator[tuple[int, Cells]]:
    while isinstance(found := _next(told), list):
        yield from found
    sheet.hidden_rows, sheet.hidden_columns, sheet.hidden_words = found


def _next(told: IO[bytes]) -> Any:
    try:
        found = pickle.load(told)  # noqa: S301 - our own process wrote it
    except (EOFError, pickle.UnpicklingError) as error:  # it has ended
        raise errors.SHEET_DAMAGED() from error
    if isinstance(found, _Refused):
        raise found.error()
    return found


class _Refused:
    """An error on its way between processes."""

    def __init__(self, why: GridGovError) -> None:
        self._kind = type(why)
        self._said = (why.code, why.zh, why.en)
        self._more: dict[str, Any] = {"field": why.field, "data": why.data}

    def error(self) -> GridGovError:
        return self._kind(*self._said, **self._more)


def tell() -> None:
    """The other end, from standard input to standard output: names of hidden sheets; of each visible one its name and day
    zero, its rows, what is hidden in it; nothing at the end."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        hidden, visible = workbook.sheets(sys.stdin.buffer.read())
        _tell(hidden)
        for sheet in visible:
            _tell((sheet.name, sheet.zero))
            while rows := list(islice(sheet.rows, _TOGETHER)):
                _tell(rows)
            _tell((sheet.hidden_rows, sheet.hidden_columns, sheet.hidden_words))
        _tell(None)
    except GridGovError as error:
        _tell(_Refused(error))
    except MemoryError:
        _tell(_Refused(errors.too_many_cells()))


def _tell(what: object) -> None:
    pickle.dump(what, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
