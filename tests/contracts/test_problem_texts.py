"""Nobody is shown a regular expression: every pattern that a service asks for has words, and the words are plain."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from services.manifest import SERVICES
from shared.http.problem_texts import FORMS, VALIDATION, fields, form_of
from tests.contracts.test_openapi import documents

REGULAR = re.compile(r"[\^$\\]|\[[^\]]*-[^\]]*\]|\{\d+,")


def patterns(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        # Of the types that explain themselves: text (`Text`), and the ETag of a change.
        if isinstance(node.get("pattern"), str) and r"\x00" not in node["pattern"] and '"' not in node["pattern"]:
            yield node["pattern"]
        for part in node.values():
            yield from patterns(part)
    elif isinstance(node, list):
        for part in node:
            yield from patterns(part)


@pytest.mark.parametrize("service", SERVICES)
def test_every_pattern_has_its_words(service: str) -> None:
    found = set(patterns(documents()[service]))
    assert found
    assert {pattern for pattern in found if form_of(pattern) is None} == set(), "add a row to problem_texts.FORMS"


def test_no_text_shows_a_regular_expression() -> None:
    for words in (*FORMS.values(), *VALIDATION.values()):
        for text in words:
            assert not REGULAR.search(text), text
            assert "{pattern}" not in text


@pytest.mark.parametrize("pattern", [*FORMS, "^[a-z][a-z_]{0,63}$", "^of nobody[0-9]{1,3}$"])
def test_what_does_not_match_is_told_in_words(pattern: str) -> None:
    error = {"type": "string_pattern_mismatch", "loc": ("body", "x"), "ctx": {"pattern": pattern}}
    (told,) = fields([error])
    assert pattern not in told["zh"] + told["en"]
    assert not REGULAR.search(told["zh"] + told["en"])
