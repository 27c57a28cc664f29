"""What the coverage check takes and gives. Days are local (Asia/Shanghai)."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel

from services.registry.coverage.needs import WORDS, NeedKind
from services.registry.coverage.reading import Covered
from services.registry.posts.roles import ZH
from shared.db.keyset import Page
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, QueryModel


class CoverageFilter(QueryModel):
    """`area` narrows the check to a unit and what is below it, `kind` to one need. `as_of`: how it was on a past day, of
    premises as their files stood when it ended."""

    as_of: Day | None = None
    area: Code | None = None
    kind: NeedKind | None = None

    @property
    def kinds(self) -> Sequence[NeedKind]:
        return (self.kind,) if self.kind else tuple(NeedKind)


class CoverageQuery(PageQuery, CoverageFilter):
    """`limit` bounds each list, not the counts. `after` goes on in the list of `kind`."""


class GapOut(BaseModel):
    """A unit by its code, or premises by the number of their file, with `parent`, the unit it lies in."""

    code: str
    name: str
    parent: str | None
    parent_name: str | None
    premises_id: UUID | None


class NeedOut(BaseModel):
    """Of `units` units of `kind` (or key premises), `lacking` have nobody in any of `roles`; `missing` is a page of
    them, and `next` the cursor of the following one (with this `kind`), null at the end."""

    kind: NeedKind
    kind_zh: str
    roles: list[str]
    roles_zh: list[str]
    units: int
    lacking: int
    missing: list[GapOut]
    next: str | None


class CoverageOut(BaseModel):
    as_of: date
    needs: list[NeedOut]


def shown(found: Covered, gaps: Page[sa.RowMapping], names: Mapping[str, str]) -> NeedOut:
    return NeedOut(
        kind=found.kind,
        kind_zh=WORDS[found.kind],
        roles=list(found.roles),
        roles_zh=[ZH[role] for role in found.roles],
        units=found.total,
        lacking=found.lacking,
        missing=[
            GapOut(
                code=row["code"], name=row["name"], parent=row["parent"], parent_name=names.get(row["parent"] or ""),
                premises_id=row["premises_id"],
            )
            for row in gaps.rows
        ],
        next=gaps.next,
    )  # fmt: skip
