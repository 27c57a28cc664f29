"""A classifier with a fixed table of words, for tests and trials: what it says can be read off the table."""

from collections.abc import Mapping, Sequence

from services.intake.classifier.categories import category_tree
from services.intake.classifier.linear import ALTERNATIVES
from services.intake.classifier.port import Alternative, Suggestion, Text


class KeywordClassifier:
    def __init__(self, words: Mapping[str, str], version: str = "keywords", confidence: float = 0.9) -> None:
        """`words`: word → category code. The first word of the table found in title or body decides, with
        `confidence`; without one the first category of the tree is suggested with confidence 0."""
        self._words = dict(words)
        self._version = version
        self._confidence = confidence

    @property
    def version(self) -> str:
        return self._version

    def suggest(self, texts: Sequence[Text]) -> list[Suggestion]:
        return [self._one(text) for text in texts]

    def _one(self, text: Text) -> Suggestion:
        tree = category_tree()
        whole = f"{text.title}\n{text.body}"
        code = next((code for word, code in self._words.items() if word in whole), None)
        first = tree.by_code[code] if code else tree.categories[0]
        confidence = self._confidence if code else 0.0
        others = [category for category in tree.categories if category != first][: ALTERNATIVES - 1]
        rest = (1 - self._confidence) / len(others) if code else 0.0
        ranked = (
            Alternative(first.code, first.zh, confidence),
            *(Alternative(category.code, category.zh, min(rest, confidence)) for category in others),
        )
        return Suggestion(first.code, first.zh, confidence, ranked, self._version)
