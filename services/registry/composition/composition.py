"""How a staff is made up: by role, age band, gender and education, with average age and concurrent posts. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.registry.composition.facts import EDUCATIONS, GENDERS, Facts, age

BANDS: Final = (
    ("under_45", "45 岁以下", range(45)),
    ("45_54", "45–54 岁", range(45, 55)),
    ("55_up", "55 岁及以上", range(55, 200)),
)
"""Age bands (docs/rules.md §1.1): code, Chinese, ages."""
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Member:
    """One person: the roles of their posts in the unit, one for each post, and what is known of them."""

    person: str
    roles: Sequence[str]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Composition:
    """Counts are of people; `by_role` counts a person once in each of their roles. `concurrent` hold more than one post.
    `average_age` is of the `aged` whose birth is known, to a tenth of a year; None where it is nobody's."""

    people: int
    posts: int
    concurrent: int
    aged: int
    average_age: float | None
    by_role: Mapping[str, int]
    by_age: Mapping[str, int]
    by_gender: Mapping[str, int]
    by_education: Mapping[str, int]


def compose(members: Iterable[Member], day: date) -> Composition:
    """`day` is the local day for which ages are reckoned."""
    staff = list(members)
    ages = {one.person: age(one.facts.born, day) for one in staff if one.facts.born is not None}
    return Composition(
        people=len(staff),
        posts=sum(len(one.roles) for one in staff),
        concurrent=sum(len(one.roles) > 1 for one in staff),
        aged=len(ages),
        average_age=round(sum(ages.values()) / len(ages), 1) if ages else None,
        by_role=dict(Counter(role for one in staff for role in set(one.roles)).most_common()),
        by_age=_counted(staff, [code for code, _, _ in BANDS], lambda one: _band(ages.get(one.person))),
        by_gender=_counted(staff, list(GENDERS), lambda one: one.facts.gender or UNKNOWN),
        by_education=_counted(staff, list(EDUCATIONS), lambda one: one.facts.education or UNKNOWN),
    )


def _counted(staff: Iterable[Member], kinds: Sequence[str], of: Callable[[Member], str]) -> dict[str, int]:
    """Every kind is in it, also with nobody; what is not known comes last."""
    counts = Counter(map(of, staff))
    return {kind: counts[kind] for kind in (*kinds, UNKNOWN)}


def _band(years: int | None) -> str:
    return next((code for code, _, ages in BANDS if years in ages), UNKNOWN)
