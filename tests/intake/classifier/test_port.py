"""What every classifier behind the port keeps, whatever it knows."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError

import pytest

from services.intake.classifier.categories import category_tree
from services.intake.classifier.keyword import KeywordClassifier
from services.intake.classifier.port import Text

TEXTS = [
    Text("出租车拒载", "司机不打表，要议价。"),
    Text("医院乱收费", "检查费没有清单。"),
    Text("公司拖欠工资", "三个月没有发工资了。"),
    Text("", ""),
    Text("\x00\ud800", "🙂 \u3000\t\n"),
    Text("abc", "no Chinese at all"),
    Text("噪音扰民" * 500, "夜间施工，无法入睡。" * 5_000),
]


@pytest.fixture(params=["linear", "keyword"])
def classifier(request):
    if request.param == "linear":
        return request.getfixturevalue("base_model")
    return KeywordClassifier({"出租车": "transport", "医院": "health", "工资": "labour_security"})


def test_each_text_gets_one_suggestion_in_order(classifier):
    suggestions = classifier.suggest(TEXTS)
    assert len(suggestions) == len(TEXTS)
    assert [one.code for one in suggestions[:3]] == ["transport", "health", "labour_security"]
    assert suggestions == [classifier.suggest([text])[0] for text in TEXTS]
    assert classifier.suggest([]) == []


def test_a_suggestion_names_a_known_category_its_rivals_and_its_model(classifier):
    for suggestion in classifier.suggest(TEXTS):
        assert category_tree().by_code[suggestion.code].zh == suggestion.name
        assert suggestion.model == classifier.version
        first, *others = suggestion.alternatives
        assert len(others) == 2
        assert (first.code, first.name, first.confidence) == (suggestion.code, suggestion.name, suggestion.confidence)
        assert len({one.code for one in suggestion.alternatives}) == 3
        sure = [one.confidence for one in suggestion.alternatives]
        assert sure == sorted(sure, reverse=True)
        assert all(0 <= value <= 1 for value in sure)


def test_a_text_that_says_nothing_is_left_to_a_person(classifier):
    assert classifier.suggest([Text("", "")])[0].confidence < 0.4


def test_batches_and_single_texts_get_the_same_answers(classifier):
    assert classifier.suggest(TEXTS) == [classifier.suggest([text])[0] for text in TEXTS]


def test_many_threads_get_what_one_gets(classifier):
    alone = classifier.suggest(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        for together in pool.map(lambda _: classifier.suggest(TEXTS), range(24)):
            assert together == alone


def test_a_suggestion_cannot_be_changed(classifier):
    with pytest.raises(FrozenInstanceError):
        classifier.suggest(TEXTS)[0].code = "health"
