"""The tree, the lexicon and the own texts fit together."""

import json
from collections import Counter

from services.intake.classifier.categories import DATA, category_tree
from services.intake.classifier.lexicon import Lexicon, lexicon
from services.intake.classifier.training import own_texts

FIRST_LEVEL = [
    "城乡建设",
    "党务政务",
    "国土资源",
    "环境保护",
    "纪检监察",
    "交通运输",
    "经济管理",
    "科技与信息产业",
    "民政",
    "农村农业",
    "商贸旅游",
    "卫生计生",
    "政法",
    "教育文体",
    "劳动和社会保障",
]


def test_the_tree_has_the_first_level_categories_with_a_few_topics_each():
    tree = category_tree()
    assert [category.zh for category in tree.categories] == FIRST_LEVEL
    assert len(tree.by_code) == len(FIRST_LEVEL)
    assert all(3 <= len(category.topics) <= 6 for category in tree.categories)


def test_the_lexicon_covers_exactly_the_topics_of_the_tree():
    words = json.loads((DATA / "lexicon.json").read_text(encoding="utf-8"))["words"]
    expected = {c.code: sorted(topic.code for topic in c.topics) for c in category_tree().categories}
    assert {code: sorted(topics) for code, topics in words.items()} == expected
    assert all(len(line.split()) >= 5 for topics in words.values() for line in topics.values())


def test_every_category_has_enough_texts_of_its_own_and_none_twice():
    counts = Counter(row.code for row in own_texts())
    assert set(counts) == set(category_tree().by_code)
    assert min(counts.values()) >= 25
    assert len({(row.title, row.body) for row in own_texts()}) == len(own_texts())


def test_words_are_found_longest_first_and_weighed_to_length_one():
    texts = ["拖欠工资和失业保险金", "", "有人拖欠", "工资", "嗯"]
    assert lexicon().words(texts)[0] == ["拖欠工资", "失业保险金"]
    assert lexicon().words(texts) == [lexicon().words([text])[0] for text in texts]
    [weights] = lexicon().weights(["拖欠工资"])
    assert abs(sum(value**2 for value in weights.values()) - 1) < 1e-9
    assert lexicon().weights(["嗯"]) == [{}]


def test_a_word_of_two_categories_counts_for_both_and_less():
    topics = {c.code: {topic.code: "" for topic in c.topics} for c in category_tree().categories}
    topics["health"]["disputes"] = "甲乙"
    topics["justice"]["public_order"] = "甲乙"
    assert sorted(Lexicon("x", topics).weights(["甲乙"])[0].values()) == [0.5, 0.5, 0.5, 0.5]
