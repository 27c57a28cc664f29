"""What the endpoints for people and the composition of staff take and give. Days are local (Asia/Shanghai)."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field

from services.registry.composition.composition import BANDS, UNKNOWN, Composition
from services.registry.composition.facts import EDUCATIONS, GENDERS, Education, Facts, Gender
from services.registry.composition.reading import Person
from services.registry.posts.roles import ZH
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, MediumText, QueryModel, StrictModel, Subject

PersonPath = Annotated[Subject, Path(description="人员标识 · the subject a person signs in with")]
Born = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
"""A year, a month or a day: 1980, 1980-05, 1980-05-03."""


class FactsBody(StrictModel):
    """What is known of a person; what is left out is not known."""

    born: Born | None = None
    gender: Gender | None = None
    education: Education | None = None
    why: MediumText | None = None

    def facts(self) -> Facts:
        return Facts(self.born, self.gender, self.education)


class WhyOut(BaseModel):
    zh: str
    en: str


class PersonOut(BaseModel):
    """`unit` is one in which the person holds a post; `version` is null where nothing is known of them yet. `unreadable`
    says why what is stored of them cannot be read, and what must be done."""

    person: str
    name: str | None
    unit: str
    roles: list[str]
    roles_zh: list[str]
    born: str | None
    gender: Gender | None
    education: Education | None
    version: int | None
    unreadable: WhyOut | None = None


class PeopleFilter(QueryModel):
    """Who holds a post in `area` or below it on a past day, today where it is left out."""

    area: Code | None = None
    as_of: Day | None = None


class PeopleQuery(PageQuery, PeopleFilter):
    """The same, page by page."""


class CountOut(BaseModel):
    """`kind` in code and in Chinese, and how many people."""

    kind: str
    zh: str
    people: int


class CompositionOut(BaseModel):
    """Of `people` people with `posts` posts, `concurrent` hold more than one there; `average_age` is of the `aged` whose
    birth is known. A person counts once in each of their roles. What is not known is `unknown`."""

    area: str | None
    as_of: date
    people: int
    posts: int
    concurrent: int
    aged: int
    average_age: float | None
    by_role: list[CountOut]
    by_age: list[CountOut]
    by_gender: list[CountOut]
    by_education: list[CountOut]


AGES: Mapping[str, str] = {code: zh for code, zh, _ in BANDS}


def person_shown(person: Person, names: Mapping[str, str]) -> PersonOut:
    facts = person.facts
    return PersonOut(
        person=person.person, name=names.get(person.person), unit=person.unit, roles=list(person.roles),
        roles_zh=[ZH[role] for role in person.roles], born=facts.born, gender=facts.gender,
        education=facts.education, version=person.version,
        unreadable=WhyOut(zh=why.zh, en=why.en) if (why := person.unreadable) else None,
    )  # fmt: skip


def composition_shown(found: Composition, area: str | None, day: date) -> CompositionOut:
    words: Mapping[str, Mapping[Any, str]] = {
        "by_role": ZH,
        "by_age": AGES,
        "by_gender": GENDERS,
        "by_education": EDUCATIONS,
    }
    counts = {name: _counted(getattr(found, name), known) for name, known in words.items()}
    return CompositionOut.model_validate({**asdict(found), **counts, "area": area, "as_of": day})


def _counted(counts: Mapping[str, int], words: Mapping[Any, str]) -> list[CountOut]:
    return [
        CountOut(kind=kind, zh="未登记" if kind == UNKNOWN else words[kind], people=people)
        for kind, people in counts.items()
    ]
