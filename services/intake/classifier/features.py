"""Texts as sparse vectors: character n-grams of title and body, weighted by rarity, and the lexicon's topics.

Training and prediction use this one function, so that a model can never see in service what it did not see in training.
"""

import math
from collections import Counter
from collections.abc import Sequence
from operator import add
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.intake.classifier.cleaning import BODY_LIMIT, TITLE_LIMIT, clean
from services.intake.classifier.grams import GramTable, pairs, points, singles
from services.intake.classifier.lexicon import Lexicon, lexicon
from services.intake.classifier.port import Text

LEXICON_WEIGHT = 0.7
"""Length of the lexicon's part beside the n-grams' part of length 1. More overfits to the lexicon's author."""
LEXICON_TITLE_WEIGHT = 1.5
LEXICON_BODY_LIMIT = 400

Floats = NDArray[np.float32]


class Rows(NamedTuple):
    """Many texts as rows of a sparse matrix: the entries of row `r` are those from `starts[r]` to `starts[r + 1]`, none
    where nothing in the text is known."""

    starts: NDArray[np.int64]
    indices: NDArray[np.int64]
    values: Floats


class _Entries(NamedTuple):
    """The same with the row of each entry, in order of the rows."""

    rows: NDArray[np.int64]
    indices: NDArray[np.int64]
    values: Floats


class NGrams:
    """Counts of one- and two-character strings, damped by logarithm and weighted by rarity."""

    def __init__(self, grams: Sequence[str], rarity: Floats) -> None:
        self.grams = tuple(grams)
        self.rarity = np.asarray(rarity, dtype=np.float32)
        self._table = GramTable(self.grams)

    @classmethod
    def of(cls, texts: Sequence[str]) -> "NGrams":
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(_grams(text)))
        grams = sorted(seen)
        rarity = [math.log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in grams]
        return cls(grams, np.asarray(rarity, dtype=np.float32))

    def entries(self, texts: Sequence[str]) -> _Entries:
        """Of length 1 in each row, where anything is known."""
        characters = points("".join(texts))
        row = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        within = row[:-1] == row[1:]  # a pair does not begin in one text and end in the next
        row = np.concatenate([row, row[:-1][within]])
        found = self._table.places(np.concatenate([singles(characters), pairs(characters)[within]]))
        known = found >= 0
        width = max(len(self.grams), 1)
        places, counts = np.unique(row[known] * width + found[known], return_counts=True)
        rows, indices = np.divmod(places, width)
        values = (1 + np.log(counts.astype(np.float32))) * self.rarity[indices]
        return _Entries(rows, indices, _unit(rows, values))


class Features:
    def __init__(self, titles: NGrams, bodies: NGrams, words: Lexicon | None = None) -> None:
        self.titles = titles
        self.bodies = bodies
        self._lexicon = words or lexicon()
        self._body_start = len(titles.grams)
        self._lexicon_start = self._body_start + len(bodies.grams)
        self.size = self._lexicon_start + 2 * self._lexicon.size

    @classmethod
    def of(cls, texts: Sequence[Text], words: Lexicon | None = None) -> "Features":
        return cls(
            NGrams.of([clean(text.title, TITLE_LIMIT) for text in texts]),
            NGrams.of([clean(text.body, BODY_LIMIT) for text in texts]),
            words,
        )

    def rows(self, texts: Sequence[Text]) -> Rows:
        """All texts at once: a few array operations for all cost little more than for one."""
        titles = [clean(text.title, TITLE_LIMIT) for text in texts]
        bodies = [clean(text.body, BODY_LIMIT) for text in texts]
        in_titles, in_bodies = self.titles.entries(titles), self.bodies.entries(bodies)
        grams = _joined(in_titles, in_bodies._replace(indices=in_bodies.indices + self._body_start))
        words = self._words(titles, bodies)
        every = _joined(
            grams._replace(values=_unit(grams.rows, grams.values)),
            words._replace(values=LEXICON_WEIGHT * _unit(words.rows, words.values)),
        )
        order = np.argsort(every.rows, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(every.rows, minlength=len(texts)))])
        return Rows(starts, every.indices[order], every.values[order])

    def _words(self, titles: Sequence[str], bodies: Sequence[str]) -> _Entries:
        rows, indices, values = list[int](), list[int](), list[float]()
        sides = (
            (titles, self._lexicon_start, LEXICON_TITLE_WEIGHT),
            ([body[:LEXICON_BODY_LIMIT] for body in bodies], self._lexicon_start + self._lexicon.size, 1.0),
        )
        for texts, start, importance in sides:
            for row, weights in enumerate(self._lexicon.weights(texts)):
                rows += [row] * len(weights)
                indices += [start + place for place in weights]
                values += [importance * weight for weight in weights.values()]
        return _Entries(np.array(rows, np.int64), np.array(indices, np.int64), np.array(values, np.float32))


def _joined(one: _Entries, other: _Entries) -> _Entries:
    return _Entries(
        np.concatenate([one.rows, other.rows]),
        np.concatenate([one.indices, other.indices]),
        np.concatenate([one.values, other.values]),
    )


def _grams(text: str) -> list[str]:
    return [*text, *map(add, text, text[1:])]


def _unit(rows: NDArray[np.int64], values: Floats) -> Floats:
    """The same values, those of each row divided by their length as a vector."""
    if not len(values):
        return values
    return (values / np.sqrt(np.bincount(rows, values.astype(np.float64) ** 2))[rows]).astype(np.float32)
