"""The classifier in service: one weight per feature and category, margins turned into calibrated probabilities.

Immutable after construction, numpy only (no scikit-learn at run time), so it is safe in threads and loads at once.
"""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from services.intake.classifier.categories import Category
from services.intake.classifier.features import Features, Floats
from services.intake.classifier.port import Alternative, Suggestion, Text

ALTERNATIVES = 3


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
        return [self._suggestion(self._probabilities(text)) for text in texts]

    def _probabilities(self, text: Text) -> NDArray[np.float64]:
        vector = self.features.vector(text)
        if not len(vector.indices):
            # Nothing known is no evidence; the offsets alone would pretend that some category is likely.
            return np.full(len(self.categories), 1 / len(self.categories))
        margins = vector.values @ self.weights[vector.indices] + self.offsets
        probabilities: NDArray[np.float64] = softmax(margins[None, :].astype(np.float64), self.sharpness)[0]
        return probabilities

    def _suggestion(self, probabilities: NDArray[np.float64]) -> Suggestion:
        best = np.argsort(-probabilities, kind="stable")[:ALTERNATIVES]
        ranked = tuple(
            Alternative(self.categories[i].code, self.categories[i].zh, round(float(probabilities[i]), 4)) for i in best
        )
        first = ranked[0]
        return Suggestion(first.code, first.name, first.confidence, ranked, self._version)


def softmax(margins: NDArray[np.float64], sharpness: float) -> NDArray[np.float64]:
    """Row-wise probabilities."""
    scaled = sharpness * (margins - margins.max(axis=1, keepdims=True))
    powers = np.exp(scaled)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
