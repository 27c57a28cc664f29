"""What a terminal cannot show is replaced: on one in GBK a tick must not end the command with a UnicodeEncodeError."""

import codecs
import io
from typing import Final, TextIO

_ALIKE: Final = {"✓": "√", "✗": "×", "…": "...", "·": "-", "→": "->", "—": "-"}
"""Marks and what is near them; the others become question marks."""
_HANDLER: Final = "gridgov.alike"


def fit(stream: TextIO) -> None:
    """Make the stream write what its encoding has; nothing changes where it has everything."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=_HANDLER)


def _alike(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wanted = (_ALIKE.get(character, "?") for character in error.object[error.start : error.end])
    return "".join(_shown(mark, error.encoding) for mark in wanted), error.end


def _shown(mark: str, encoding: str) -> str:
    return mark if mark.encode(encoding, "replace") != b"?" else "?"


codecs.register_error(_HANDLER, _alike)
