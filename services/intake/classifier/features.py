"""A text as a sparse vector: character n-grams of title and body, weighted by rarity, and the lexicon's topics.

Training and prediction use this one function, so that a model can never see in service what it did not see in training.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add

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


@dataclass(frozen=True, slots=True)
class Vector:
    """The entries of a text that are not zero. `indices` is empty when nothing in the text is known."""

    indices: NDArray[np.int32]
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

    def vector(self, text: str) -> Vector:
        """Of length 1, or empty."""
        characters = points(text)
        found = self._table.places(np.concatenate([singles(characters), pairs(characters)]))
        indices, counts = np.unique(found[found >= 0], return_counts=True)
        return Vector(indices, _unit((1 + np.log(counts.astype(np.float32))) * self.rarity[indices]))


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

    def vector(self, text: Text) -> Vector:
        title, body = clean(text.title, TITLE_LIMIT), clean(text.body, BODY_LIMIT)
        in_title, in_body = self.titles.vector(title), self.bodies.vector(body)
        words = {
            self._lexicon_start + place: LEXICON_TITLE_WEIGHT * weight
            for place, weight in self._lexicon.weights(title).items()
        }
        body_words_start = self._lexicon_start + self._lexicon.size
        for place, weight in self._lexicon.weights(body[:LEXICON_BODY_LIMIT]).items():
            words[body_words_start + place] = weight
        word_values = np.fromiter(words.values(), np.float32, len(words))
        return Vector(
            np.concatenate(
                [in_title.indices, in_body.indices + self._body_start, np.fromiter(words.keys(), np.int32, len(words))]
            ),
            np.concatenate(
                [_unit(np.concatenate([in_title.values, in_body.values])), LEXICON_WEIGHT * _unit(word_values)]
            ),
        )


def _grams(text: str) -> list[str]:
    return [*text, *map(add, text, text[1:])]


def _unit(values: Floats) -> Floats:
    norm = math.sqrt(float(values @ values))
    return values / np.float32(norm) if norm else values
