"""How names are compared, however they were typed: one form for full-width and small letters, radicals that look like
characters, traditional characters, blanks and characters without width. Pure."""

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from shared.characters import RADICALS, TRADITIONAL

_PAIRS: Final = TRADITIONAL + RADICALS
_MEANT: Final = {ord(written): meant for written, meant in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)}
# A class of characters is searched at the speed of C; most texts have none of these and skip the slow translation.
_WRITTEN: Final = re.compile(f"[{''.join(map(chr, _MEANT))}]")
_NO_WIDTH: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\U000e0000-\U000e0fff]"
)
_BLANKS: Final = re.compile(r"\s+")
# All but what texts consist of: only these need a look, which would otherwise take longer than finding the names.
_ODD: Final = re.compile("[^\x00-\x7f\u4e00-\u9fff\u3001\u3002\u300a-\u3011\u2014\u2018-\u201d]")


class Plain(NamedTuple):
    """A text in the form in which names are looked for; `gaps` are the positions before which a blank was."""

    text: str
    gaps: frozenset[int] = frozenset()


@cache
def _normalized(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


def _compatible(odd: re.Match[str]) -> str:
    return _normalized(odd[0])


def simplified(text: str) -> str:
    """The same text in the characters that are meant: no traditional ones, no radicals, nothing full-width or unseen."""
    if text.isascii():
        return text
    text = _ODD.sub(_compatible, _NO_WIDTH.sub("", text))
    return text.translate(_MEANT) if _WRITTEN.search(text) else text


def plain(text: str) -> str:
    """The form in which two spellings of one name are equal."""
    return squeezed(text).text


def squeezed(text: str) -> Plain:
    """The same for a longer text, which remembers where its blanks were: they part letters and digits."""
    parts = _BLANKS.split(simplified(text).upper())
    if len(parts) == 1:
        return Plain(parts[0])
    gaps, at = set(), 0
    for part in parts:
        gaps.add(at)
        at += len(part)
    return Plain("".join(parts), frozenset(gaps))
