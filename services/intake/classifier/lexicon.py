"""Knowledge of the matter that a few hundred examples cannot hold: which words belong to which topic of the tree."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

import numpy as np

from services.intake.classifier.categories import DATA, category_tree
from services.intake.classifier.cleaning import clean
from services.intake.classifier.grams import GramTable, pairs, points


class Lexicon:
    """Finds known words by longest match from left to right and turns them into a vector of topics and categories."""

    def __init__(self, edition: str, words: dict[str, dict[str, str]]) -> None:
        self.edition = edition
        codes = [category.code for category in category_tree().categories]
        topics = [(code, topic) for code in codes for topic in sorted(words[code])]
        self.size = len(topics) + len(codes)
        places: dict[str, list[int]] = defaultdict(list)
        for index, (code, topic) in enumerate(topics):
            for word in sorted({clean(word, 20) for word in words[code][topic].split()} - {""}):
                places[word] += [index, len(topics) + codes.index(code)]
        # A word that several topics share says less about each of them; a longer word says more than a short one.
        self._shares = {
            word: [(place, min(len(word), 3) / len(where)) for place in where] for word, where in places.items()
        }
        # Words have two characters or more: one character says too little, and the search starts from pairs.
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in places:
            lengths[word[:2]].add(len(word))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        self._starts = GramTable(list(self._lengths))

    def words(self, texts: Sequence[str]) -> list[list[str]]:
        """The known words of each text."""
        found: list[list[str]] = [[] for _ in texts]
        joined, ends = "".join(texts), list(accumulate(map(len, texts)))
        row, free = 0, 0
        for at in np.flatnonzero(self._starts.places(pairs(points(joined))) >= 0).tolist():
            if at < free:
                continue
            while at >= ends[row]:
                row += 1
            for length in self._lengths[joined[at : at + 2]]:
                if at + length <= ends[row] and (word := joined[at : at + length]) in self._shares:
                    found[row].append(word)
                    free = at + length
                    break
        return found

    def weights(self, texts: Sequence[str]) -> list[dict[int, float]]:
        """Of each text: place in the vector → weight, of length 1 as a whole; empty when no word is known."""
        return [self._weights(words) for words in self.words(texts)]

    def _weights(self, words: Sequence[str]) -> dict[int, float]:
        sums: dict[int, float] = defaultdict(float)
        for word, count in Counter(words).items():
            for place, share in self._shares[word]:
                sums[place] += (1 + math.log(count)) * share
        logs = {place: math.log1p(total) for place, total in sums.items()}
        norm = math.sqrt(sum(value * value for value in logs.values()))
        return {place: value / norm for place, value in logs.items()}


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    raw = json.loads((DATA / "lexicon.json").read_text(encoding="utf-8"))
    return Lexicon(raw["edition"], raw["words"])
