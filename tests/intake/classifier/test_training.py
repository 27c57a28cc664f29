"""The same data give the same model under the same name; other data another name."""

from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np

from services.intake.classifier.port import Text
from services.intake.classifier.training import own_texts, train, version_of
from tests.intake.classifier.examples import GIVEN

TEXTS = [Text(row.title, row.body) for row in own_texts()[::7]]


def test_the_same_messages_in_any_order_give_the_same_model(small_model, a_day):
    again = train(GIVEN[::-1], a_day)
    assert again.facts == small_model.facts
    assert np.array_equal(again.classifier.weights, small_model.classifier.weights)
    assert again.classifier.suggest(TEXTS) == small_model.classifier.suggest(TEXTS)


def test_the_version_tells_day_and_data(a_day):
    version = version_of(GIVEN, a_day)
    assert version.startswith("2026-11-18-")
    assert version_of(GIVEN[:-1], a_day) != version
    assert version_of([*GIVEN[:-1], replace(GIVEN[-1], code="economy")], a_day) != version
    assert version_of(GIVEN, date(2026, 11, 19)).rsplit("-", 1)[1] == version.rsplit("-", 1)[1]


def test_training_tells_what_it_learned_from(small_model):
    facts = small_model.facts
    assert facts["given_messages"] == 12
    assert facts["given_by_category"] == {"health": 6, "transport": 6}
    assert facts["own_texts"] == len(own_texts())
    assert facts["version"] == small_model.classifier.version


def test_what_people_decided_changes_what_is_suggested(base_model, a_day):
    riddle = Text("关于布隆布隆的问题", "布隆布隆又来了，布隆布隆。")
    decided = [replace(row, code="science_it", title="布隆布隆", body=f"布隆布隆{n}") for n, row in enumerate(GIVEN)]
    taught = train(decided, a_day).classifier
    assert base_model.suggest([riddle])[0].code != "science_it"
    assert taught.suggest([riddle])[0].code == "science_it"


def test_a_model_can_be_held_to_some_categories(base_model):
    held = base_model.only({"health", "transport", "justice", "economy"})
    found = Counter(one.code for suggestion in held.suggest(TEXTS) for one in suggestion.alternatives)
    assert set(found) <= {"health", "transport", "justice", "economy"}
    assert held.suggest([Text("医院", "医生看病")])[0].code == "health"
