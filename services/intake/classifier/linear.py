"""The classifier in service: one weight per feature and category, margins turned into calibrated probabilities.

Immutable after construction, numpy only (no scikit-learn at run time), so it is safe in threads and loads at once.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.intake.classifier.categories import Category
from services.intake.classifier.features import Features, Floats
from services.intake.classifier.port import Alternative, Suggestion, Text

ALTERNATIVES = 3
AT_ONCE = 64
"""Texts whose features are held at once: some MB."""


class LinearClassifier:
    def __init__(
        self,
        version: str,
        categories: Sequence[Category],
        features: Features,
        weights: Floats,
        offsets: Floats,
        sharpness: float,
    ) -> None:
        """`weights` is features × categories; `sharpness` multiplies margins before the softmax (larger is surer)."""
        self._version = version
        self.categories = tuple(categories)
        self.features = features
        self.weights = np.ascontiguousarray(weights, dtype=np.float32)
        self.offsets = np.asarray(offsets, dtype=np.float32)
        self.sharpness = sharpness

    @property
    def version(self) -> str:
        return self._version

    def only(self, codes: Collection[str]) -> "LinearClassifier":
        """The same model, choosing among these categories alone."""
        keep = [index for index, category in enumerate(self.categories) if category.code in codes]
        return LinearClassifier(
            self._version,
            [self.categories[index] for index in keep],
            self.features,
            self.weights[:, keep],
            self.offsets[keep],
            self.sharpness,
        )

    def suggest(self, texts: Sequence[Text]) -> list[Suggestion]:
        margins = np.zeros((len(texts), len(self.categories)))
        for first in range(0, len(texts), AT_ONCE):
            starts, indices, values = self.features.rows(texts[first : first + AT_ONCE])
            weights = self.weights[indices]
            for row, (start, end) in enumerate(pairwise(starts.tolist()), first):
                # Nothing known is no evidence: the offsets alone would pretend that some category is likely.
                if start < end:
                    margins[row] = values[start:end] @ weights[start:end] + self.offsets
        probabilities = softmax(margins, self.sharpness)
        best = np.argsort(-probabilities, axis=1, kind="stable")[:, :ALTERNATIVES]
        sure = np.take_along_axis(probabilities, best, axis=1).round(4)
        return [self._suggestion(*ranked) for ranked in zip(best.tolist(), sure.tolist(), strict=True)]

    def _suggestion(self, best: Sequence[int], sure: Sequence[float]) -> Suggestion:
        ranked = tuple(
            Alternative(self.categories[index].code, self.categories[index].zh, confidence)
            for index, confidence in zip(best, sure, strict=True)
        )
        first = ranked[0]
        return Suggestion(first.code, first.name, first.confidence, ranked, self._version)


def softmax(margins: NDArray[np.float64], sharpness: float) -> NDArray[np.float64]:
    """Row-wise probabilities."""
    scaled = sharpness * (margins - margins.max(axis=1, keepdims=True, initial=-np.inf))
    powers = np.exp(scaled)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
