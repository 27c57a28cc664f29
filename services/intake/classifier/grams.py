"""Strings of one and two characters as numbers, so that a whole text is looked up in a few array operations.

A gram's number is its first character's code point times 2**21 plus the second's (0 where there is none): unique, since
code points have 21 bits and NUL is no character of a text.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
_BITS = np.uint64(21)


def points(text: str) -> Numbers:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)


def pairs(text: Numbers) -> Numbers:
    """The number of the gram of two characters that begins at each place but the last."""
    return (text[:-1] << _BITS) | text[1:]


def singles(text: Numbers) -> Numbers:
    """The number of the gram of one character at each place."""
    return text << _BITS


class GramTable:
    """Finds grams of a fixed list by number."""

    def __init__(self, grams: Sequence[str]) -> None:
        numbers = np.array(
            [(ord(gram[0]) << 21) | (ord(gram[1]) if len(gram) > 1 else 0) for gram in grams], dtype=np.uint64
        )
        self._places = np.argsort(numbers).astype(np.int32)
        # One entry behind the end, so that a number larger than all finds something that it does not equal.
        self._numbers = np.append(numbers[self._places], np.uint64(2**64 - 1))
        self._places = np.append(self._places, np.int32(-1))

    def places(self, numbers: Numbers) -> NDArray[np.int32]:
        """For each of `numbers` its place in the list, or -1 where it is not in it."""
        at = np.searchsorted(self._numbers, numbers)
        return np.where(self._numbers[at] == numbers, self._places[at], np.int32(-1))
