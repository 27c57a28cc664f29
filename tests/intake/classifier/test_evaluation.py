"""The figures are the usual ones."""

import random

import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from services.intake.classifier.evaluation import category_scores, evaluate
from services.intake.classifier.keyword import KeywordClassifier
from services.intake.classifier.training import Labelled


def test_the_scores_are_those_of_scikit_learn():
    chance = random.Random(7)
    pairs = [(chance.choice("abcd"), chance.choice("abce")) for _ in range(200)]
    given, suggested = zip(*pairs, strict=True)
    scores = category_scores(pairs)
    assert [score.code for score in scores] == list("abcde")
    expected = precision_recall_fscore_support(given, suggested, zero_division=0)
    for name, values in zip(("precision", "recall", "f1", "messages"), expected, strict=True):
        assert [getattr(score, name) for score in scores] == pytest.approx(list(values))


def test_an_evaluation_sums_up_what_was_suggested():
    classifier = KeywordClassifier({"车": "transport", "医": "health"})
    rows = [
        Labelled("transport", "打车", ""),
        Labelled("health", "车祸求医", ""),
        Labelled("health", "求医", ""),
        Labelled("justice", "别的", ""),
    ]
    result = evaluate(classifier, rows)
    given, suggested = [row.code for row in rows], ["transport", "transport", "health", "urban_construction"]
    assert result.accuracy == accuracy_score(given, suggested) == 0.5
    assert result.macro_f1 == pytest.approx(f1_score(given, suggested, average="macro"))
    assert result.top3 == 0.5
    assert result.messages == 4
    assert result.messages_per_second > 0
