"""How good a classifier is on labelled messages: the usual figures, computed as scikit-learn defines them."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.classifier.port import Classifier, Text
from services.intake.classifier.training import Labelled


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """One category. `messages` counts those that a person gave it; the ratios are 0 where nothing was to find."""

    code: str
    messages: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`macro_f1` is the plain mean of F1 over the categories given or suggested; `top3` the share of messages whose
    category is among the three best; speed is wall time on this machine, one thread."""

    macro_f1: float
    accuracy: float
    top3: float
    messages_per_second: float
    messages: int
    categories: tuple[CategoryScore, ...]


def evaluate(classifier: Classifier, labelled: Sequence[Labelled]) -> Evaluation:
    """`labelled` must not be empty."""
    texts = [Text(row.title, row.body) for row in labelled]
    classifier.suggest(texts[:1])  # the first call fills caches; it is not what a running service sees
    start = time.perf_counter()
    suggestions = classifier.suggest(texts)
    seconds = max(time.perf_counter() - start, 1e-9)
    pairs = [(row.code, suggestion.code) for row, suggestion in zip(labelled, suggestions, strict=True)]
    in_top3 = sum(
        row.code in [alternative.code for alternative in suggestion.alternatives]
        for row, suggestion in zip(labelled, suggestions, strict=True)
    )
    scores = category_scores(pairs)
    return Evaluation(
        macro_f1=sum(score.f1 for score in scores) / len(scores),
        accuracy=sum(given == suggested for given, suggested in pairs) / len(pairs),
        top3=in_top3 / len(pairs),
        messages_per_second=len(texts) / seconds,
        messages=len(texts),
        categories=scores,
    )


def category_scores(pairs: Sequence[tuple[str, str]]) -> tuple[CategoryScore, ...]:
    """Scores of every category that occurs in the pairs (given, suggested), by code."""
    given, suggested = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    right = Counter(pair[0] for pair in pairs if pair[0] == pair[1])
    return tuple(
        CategoryScore(
            code=code,
            messages=given[code],
            precision=right[code] / suggested[code] if suggested[code] else 0.0,
            recall=right[code] / given[code] if given[code] else 0.0,
            f1=2 * right[code] / (given[code] + suggested[code]),
        )
        for code in sorted({*given, *suggested})
    )
