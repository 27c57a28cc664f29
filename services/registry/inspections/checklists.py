"""Checklists (`checklist_rows.py` has their rows): which questions an inspector asks where, each with its source.

A version is never edited once inspections may have used it: a changed list is a new row with the next version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from services.registry.inspections.checklist_rows import ROWS
from services.registry.premises.kinds import Category


class Inspector(StrEnum):
    """Whose checklist it is: the place's own people, the street with its communities and grids, or the police station."""

    UNIT = "unit"
    STREET = "street"
    POLICE = "police"


INSPECTORS: Final = {Inspector.UNIT: "单位自查", Inspector.STREET: "街道、社区、网格", Inspector.POLICE: "派出所"}

MANAGEMENT: Final = "management"
PATROL: Final = "unit_daily_patrol"
"""The list of the patrol of every day, which is no check of the month."""
"""What a question is about that is none of the seven items: rules, people on duty, papers."""


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
class Checklist:
    """`categories` are the kinds of premises that it fits, none named: all; `areas` whether it also fits a part of the
    street without premises. `certainty` is that of its source: S is a law's own text, W was read second hand."""

    code: str
    version: int
    zh: str
    en: str
    edition: str
    source: str
    certainty: str
    inspectors: frozenset[Inspector]
    categories: frozenset[Category] | None
    areas: bool
    questions: Mapping[str, Question]

    def fits(self, category: Category | None) -> bool:
        """Whether it may be used at premises of `category`, or (None) in a part of the street."""
        if category is None:
            return self.areas
        return self.categories is None or category in self.categories


def read(rows: Sequence[Mapping[str, Any]]) -> dict[str, Checklist]:
    """The newest version of each checklist, in the order of the data."""
    found: dict[str, Checklist] = {}
    for row in rows:
        made = _checklist(row)
        if made.code not in found or found[made.code].version < made.version:
            found[made.code] = made
    return found


def _checklist(row: Mapping[str, Any]) -> Checklist:
    categories = row["categories"]
    questions = [Question(*question) for question in row["questions"]]
    return Checklist(
        code=row["code"],
        version=row["version"],
        zh=row["zh"],
        en=row["en"],
        edition=row["edition"],
        source=row["source"],
        certainty=row["certainty"],
        inspectors=frozenset(map(Inspector, row["inspectors"])),
        categories=None if categories is None else frozenset(map(Category, categories)),
        areas=row["areas"],
        questions={question.no: question for question in questions},
    )


VERSIONS: Final[Mapping[tuple[str, int], Checklist]] = {(row["code"], row["version"]): _checklist(row) for row in ROWS}
"""Every version that an inspection may name."""
NEWEST: Final[Mapping[str, Checklist]] = read(ROWS)

SEVEN_ITEMS: Final = "seven_items"
"""The list that asks nothing but the seven items: what past inspections are entered by."""


def offered(*, category: Category | None, inspector: Inspector | None) -> list[Checklist]:
    """The newest lists: all, or those for premises of `category` and of one kind of `inspector` where named."""
    return [
        one
        for one in NEWEST.values()
        if (category is None or one.fits(category)) and (inspector is None or inspector in one.inspectors)
    ]
