"""What the endpoints for posts take and give. Days are local (Asia/Shanghai), `valid_to` excluded."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.posts.post import Post
from services.registry.units.kinds import Kind
from shared.http.days import Day
from shared.http.types import Code, Cursor, MediumText, QueryModel, StrictModel

Person = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]
"""The subject a person signs in with."""
PostRole = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,63}$")]
"""A role of `posts/roles.py`."""


class PostBody(StrictModel):
    """Who is to hold which role where; from today where `valid_from` is left out."""

    person: Person
    role: PostRole
    unit: Code
    valid_from: Day | None = None
    valid_to: Day | None = None
    why: MediumText | None = None


class EndBody(StrictModel):
    """`on` is the first day without the post; today where it is left out."""

    on: Day | None = None
    why: MediumText | None = None


class PostOut(BaseModel):
    id: UUID
    person: str
    role: str
    unit: str
    valid_from: date
    valid_to: date | None
    version: int


class ListedPost(PostOut):
    unit_name: str


class PostPage(BaseModel):
    """`next` is the cursor of the following page, null at the end."""

    items: list[ListedPost]
    next: str | None = None


class PostFilter(QueryModel):
    """Posts held on a day, today where it is left out; one to come is possible, for posts are arranged ahead. `below`
    includes the units under `unit`."""

    unit: Code | None = None
    below: bool = False
    person: Person | None = None
    role: PostRole | None = None
    as_of: Day | None = None


class PostQuery(PostFilter):
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    after: Cursor | None = None


class CoverageQuery(QueryModel):
    """`area` narrows the check to a unit and what is below it, `kind` to one need; `limit` bounds each list, not the
    counts. `after` goes on in the list of `kind`. `as_of`: how it was on a past day."""

    as_of: Day | None = None
    area: Code | None = None
    kind: Kind | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    after: Cursor | None = None


class GapOut(BaseModel):
    code: str
    name: str
    parent: str | None


class NeedOut(BaseModel):
    """Of `units` units of `kind`, `lacking` have nobody in any of `roles`; `missing` is a page of them, and
    `next` the cursor of the following one (with this `kind`), null at the end."""

    kind: Kind
    roles: list[str]
    units: int
    lacking: int
    missing: list[GapOut]
    next: str | None


class CoverageOut(BaseModel):
    as_of: date
    needs: list[NeedOut]


def shown(post: Post) -> PostOut:
    return PostOut.model_validate(asdict(post))


def listed(post: Post, unit_name: str) -> ListedPost:
    return ListedPost(**asdict(post), unit_name=unit_name)
