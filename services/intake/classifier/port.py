"""The port through which intake asks for a category. It names no library, and every implementation is pure and
thread-safe: the same texts get the same suggestions, and many threads may ask one classifier at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Text:
    """What a resident wrote. Either part may be empty."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """One category with the probability (0..1) that a person would choose it."""

    code: str
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The most probable category (`code`, Chinese first-level `name`), how sure that is (0..1), the three best in
    order (the first is the suggestion itself), and the version of the model that said so."""

    code: str
    name: str
    confidence: float
    alternatives: tuple[Alternative, ...]
    model: str


class Classifier(Protocol):
    @property
    def version(self) -> str:
        """Names the model in trails and events; two models that may answer differently have different versions."""
        ...

    def suggest(self, texts: Sequence[Text]) -> list[Suggestion]:
        """One suggestion per text, in order. CPU-bound: a few texts at a time beside an event
        loop. Raises nothing for any text."""
        ...
