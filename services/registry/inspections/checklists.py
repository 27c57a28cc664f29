"""Checklists: which questions an inspector asks where, each with its source. Pure. `checklist_rows.py` has the first ones.

A version is never edited, for inspections have used it: a changed list is drafted and published as the next version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from services.registry.inspections.checklist_rows import ROWS
from services.registry.inspections.errors import CHECKLIST_ANSWERS_HALF, CHECKLIST_QUESTION_TWICE
from services.registry.premises.kinds import Category


class Inspector(StrEnum):
    """Whose checklist it is: the place's own people, the street with its communities and grids, or the police station."""

    UNIT = "unit"
    STREET = "street"
    POLICE = "police"


INSPECTORS: Final = {Inspector.UNIT: "单位自查", Inspector.STREET: "街道、社区、网格", Inspector.POLICE: "派出所"}

MANAGEMENT: Final = "management"
"""What a question is about that is none of the seven items: rules, people on duty, papers."""
PATROL: Final = "unit_daily_patrol"
"""The list of the patrol of every day, which is no check of the month."""


@dataclass(frozen=True, slots=True)
class Question:
    """`item` is one of the seven or MANAGEMENT. `good` and `bad` are what the two answers are called; a question without
    them is answered in words and fails nobody."""

    no: str
    group: str
    text: str
    item: str
    good: str = ""
    bad: str = ""

    @property
    def judged(self) -> bool:
        return bool(self.bad)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a checklist says. `categories` are the kinds of premises that it fits, none named: all; `areas` whether it also
    fits a part of the street without premises. `certainty` is that of its source: S is a law's own text, W was read
    second hand, A is the area's own."""

    zh: str
    en: str
    edition: str
    source: str
    certainty: str
    inspectors: frozenset[Inspector]
    categories: frozenset[Category] | None
    areas: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """One version, as it was published: nothing of it changes. It is offered in `area` and below, None: everywhere."""

    code: str
    version: int
    area: str | None
    contents: Contents

    @property
    def zh(self) -> str:
        return self.contents.zh

    @property
    def en(self) -> str:
        return self.contents.en

    @property
    def inspectors(self) -> frozenset[Inspector]:
        return self.contents.inspectors

    @property
    def questions(self) -> Mapping[str, Question]:
        """By number, in their order."""
        return {question.no: question for question in self.contents.questions}

    def fits(self, category: Category | None) -> bool:
        """Whether it may be used at premises of `category`, or (None) in a part of the street."""
        contents = self.contents
        if category is None:
            return contents.areas
        return contents.categories is None or category in contents.categories


def check(contents: Contents) -> None:
    """Raise Invalid for what can be no list."""
    seen: set[str] = set()
    for question in contents.questions:
        if question.no in seen:
            raise CHECKLIST_QUESTION_TWICE(no=question.no, data={"question": question.no})
        if bool(question.good) != bool(question.bad):
            raise CHECKLIST_ANSWERS_HALF(no=question.no, data={"question": question.no})
        seen.add(question.no)


def _contents(row: Mapping[str, Any]) -> Contents:
    categories = row["categories"]
    return Contents(
        **{name: row[name] for name in ("zh", "en", "edition", "source", "certainty", "areas")},
        inspectors=frozenset(map(Inspector, row["inspectors"])),
        categories=None if categories is None else frozenset(map(Category, categories)),
        questions=tuple(Question(*question) for question in row["questions"]),
    )


FIRST: Final[Mapping[str, Checklist]] = {
    row["code"]: Checklist(row["code"], row["version"], None, _contents(row)) for row in ROWS
}
"""The lists that a registry starts with, by code: the first version of each."""

SEVEN_ITEMS: Final = "seven_items"
"""The list that asks nothing but the seven items: what past inspections are entered by, in its first version."""


def offered(lists: Iterable[Checklist], *, category: Category | None, inspector: Inspector | None) -> list[Checklist]:
    """Of `lists` all, or those for premises of `category` and of one kind of `inspector` where named."""
    return [
        one
        for one in lists
        if (category is None or one.fits(category)) and (inspector is None or inspector in one.inspectors)
    ]
