"""Reading the tree as it stood on a local day: lists, one unit, its ancestors, the tree below a unit.

All queries run over one source of rows: the present state for today, the newest effective version of each unit for a
past day. So `as_of` means the same everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, distinct_on

from services.registry.errors import AS_OF_IN_FUTURE, TREE_TOO_LARGE, UNIT_NOT_FOUND
from services.registry.units.kinds import Kind
from services.registry.units.names import folded
from services.registry.units.store import HISTORY, Units, exists_on
from services.registry.units.table import unit_versions, units
from services.registry.units.unit import Unit
from shared.clock import local_day
from shared.db.filters import equal
from shared.db.keyset import Paged
from shared.db.unit_of_work import UnitOfWork
from shared.http.days import AsOf
from shared.http.pages import PageQuery
from shared.http.types import Code, Text
from shared.units.scope import unscoped

MOST_IN_TREE: Final = 5_000
_WHY: Final = "the tree is no secret among those who have signed in"


class UnitFilter(AsOf):
    """`q` is found in names and aliases, in their pinyin (`dongtang`) and its initials (`dt`), and begins codes."""

    parent: Code | None = None
    kind: Kind | None = None
    q: Annotated[str, Text(1, 50)] | None = None


class UnitQuery(PageQuery, UnitFilter):
    """The same, page by page."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One unit of a tree: `depth` below the root asked for (0), and how many units hang directly under it."""

    code: str
    kind: Kind
    name: str
    parent: str | None
    depth: int
    children: int


class TreeReader:
    """The tree on `day`, today where it is None; `rows` are its units. Raises Invalid for a day to come."""

    def __init__(self, uow: UnitOfWork, day: date | None) -> None:
        today = local_day(uow.now)
        if day is not None and day > today:
            raise AS_OF_IN_FUTURE()
        self._connection = uow.connection
        self.rows = _on(day, today)

    def find(self, wanted: UnitFilter) -> Paged[Unit]:
        """By code; boundaries are left out of it, `one` has them."""
        rows = self.rows.c
        query = sa.select(*_without_boundary(self.rows))
        query = query.where(*equal({rows.parent: wanted.parent, rows.kind: wanted.kind}))
        if wanted.q is not None:
            word = folded(wanted.q)
            query = query.where(_begins(rows.terms, word) | rows.code.istartswith(word, autoescape=True))
        return Paged(self._connection, query, (rows.code,), Units.codec.of)

    async def one(self, code: str, *, field: str | None = None) -> Unit:
        """Raises NotFound; `field` is where a caller named the unit, if not in the path."""
        found = await self._connection.execute(sa.select(self.rows).where(self.rows.c.code == code))
        return Units.codec.of(UNIT_NOT_FOUND.unless(found.mappings().one_or_none(), field=field))

    async def versions_below(self, code: str) -> list[tuple[str, int]]:
        """The units directly below, by code with their versions."""
        rows = self.rows.c
        found = await self._connection.execute(
            sa.select(rows.code, rows.version).where(rows.parent == code).order_by(rows.code)
        )
        return [(row.code, row.version) for row in found]

    async def below(self, code: str) -> list[Unit]:
        """The units directly below with their boundaries, by code."""
        rows = self.rows
        found = await self._connection.execute(sa.select(rows).where(rows.c.parent == code).order_by(rows.c.code))
        return [Units.codec.of(row) for row in found.mappings()]

    async def hanging_under(self, code: str) -> list[str]:
        """The codes of all units directly below."""
        rows = await self._connection.execute(sa.select(self.rows.c.code).where(self.rows.c.parent == code))
        return list(rows.scalars())

    async def ancestors(self, code: str) -> list[Unit]:
        """The unit, its parent, and so on up to the root; empty where it did not exist."""
        rows = self.rows
        up = sa.select(rows.c.code, rows.c.parent, sa.literal(0).label("step")).where(rows.c.code == code)
        line = up.cte("line", recursive=True)
        line = line.union_all(
            sa.select(rows.c.code, rows.c.parent, line.c.step + 1).join(line, rows.c.code == line.c.parent)
        )
        found = await self._connection.execute(
            sa.select(*_without_boundary(rows)).join(line, rows.c.code == line.c.code).order_by(line.c.step)
        )
        return [Units.codec.of(row) for row in found.mappings()]

    async def tree(self, root: str | None, depth: int) -> list[Branch]:
        """`root` (None: every city) and what is below it to `depth`, parents first. Raises Invalid for too much."""
        rows = self.rows
        start = rows.c.parent.is_(None) if root is None else rows.c.code == root
        below = sa.select(rows.c.code, sa.literal(0).label("depth")).where(start).cte("below", recursive=True)
        below = below.union_all(
            sa.select(rows.c.code, below.c.depth + 1)
            .join(below, rows.c.parent == below.c.code)
            .where(below.c.depth < depth)
        )
        counts = sa.select(rows.c.parent, sa.func.count().label("children")).group_by(rows.c.parent).cte("counts")
        found = await self._connection.execute(
            sa.select(
                rows.c.code, rows.c.kind, rows.c.name, rows.c.parent, below.c.depth,
                sa.func.coalesce(counts.c.children, 0).label("children"),
            )
            .join(below, rows.c.code == below.c.code)
            .outerjoin(counts, counts.c.parent == rows.c.code)
            .order_by(below.c.depth, rows.c.code)
            .limit(MOST_IN_TREE + 1)
        )  # fmt: skip
        branches = [Branch(row.code, Kind(row.kind), row.name, row.parent, row.depth, row.children) for row in found]
        if len(branches) > MOST_IN_TREE:
            raise TREE_TOO_LARGE(most=MOST_IN_TREE)
        return branches


def _begins(terms: sa.ColumnElement[Any], word: str) -> sa.ColumnElement[bool]:
    """Whether `word` begins one of the terms: the index of words does not know beginnings of array elements."""
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return sa.func.array_to_tsvector(terms).op("@@", is_comparison=True)(sa.cast(f"'{quoted}':*", TSQUERY))


def _without_boundary(rows: sa.CTE) -> Sequence[sa.ColumnElement[Any]]:
    return [sa.null().label("boundary") if column.name == "boundary" else column for column in rows.c]


def _on(day: date | None, today: date) -> sa.CTE:
    """The units that existed on a day, with what held then."""
    if day is None or day == today:
        return (
            unscoped(units, *Units.codec.columns, units.c.terms, why=_WHY).where(exists_on(units, today)).cte("present")
        )
    effective = (
        unscoped(unit_versions, *HISTORY.columns, unit_versions.c.terms, why=_WHY)
        .ext(distinct_on(unit_versions.c.code))
        .where(unit_versions.c.effective_from <= day)
        .order_by(unit_versions.c.code, unit_versions.c.version.desc())
        .subquery("effective")
    )
    return sa.select(effective).where(exists_on(effective, day)).cte("past")
