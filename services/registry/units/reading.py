"""Reading the tree as it stood on a local day: lists, one unit, the line to the root, the tree below a unit.

All queries run over one source of rows: the present state for today, the newest effective version of each unit for a
past day. So `as_of` means the same everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from services.registry.schema import unit_versions, units
from services.registry.units.kinds import Kind
from services.registry.units.store import unit_of
from services.registry.units.unit import Unit
from shared.errors import Invalid

MOST_IN_TREE = 5_000


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
    """The tree on `day`; `today` says when that is the present."""

    def __init__(self, connection: AsyncConnection, day: date | None, today: date) -> None:
        if day is not None and day > today:
            raise Invalid(
                "as_of_future",
                "as_of 不能晚于今天：将来的单位树还不知道",
                "as_of cannot be later than today: nobody knows the tree of the future",
                field="as_of",
            )
        self._connection = connection
        self._rows = _on(day if day is not None and day < today else None, today)

    async def find(
        self, *, parent: str | None, kind: Kind | None, q: str | None, limit: int, after: str | None
    ) -> tuple[list[Unit], str | None]:
        """A page by code, and the cursor of the next. `q` is found in names and aliases, and begins codes.

        Boundaries are left out of the page; `one` has them.
        """
        rows = self._rows.c
        condition = sa.true() if after is None else rows.code > after
        if parent is not None:
            condition &= rows.parent == parent
        if kind is not None:
            condition &= rows.kind == kind.value
        if q is not None:
            aliases = sa.func.array_to_string(rows.aliases, "\n")
            condition &= sa.or_(
                rows.name.icontains(q, autoescape=True),
                aliases.icontains(q, autoescape=True),
                rows.code.istartswith(q, autoescape=True),
            )
        found = await self._units(condition, limit=limit + 1)
        return found[:limit], found[limit - 1].facts.code if len(found) > limit else None

    async def one(self, code: str) -> Unit | None:
        rows = await self._connection.execute(sa.select(self._rows).where(self._rows.c.code == code))
        row = rows.mappings().one_or_none()
        return unit_of(row) if row else None

    async def children(self, code: str, *, limit: int, after: str | None) -> tuple[list[Unit], str | None]:
        return await self.find(parent=code, kind=None, q=None, limit=limit, after=after)

    async def line(self, code: str) -> list[Unit]:
        """The unit, its parent, and so on up to the root; empty where it did not exist."""
        rows = self._rows
        up = sa.select(rows.c.code, rows.c.parent, sa.literal(0).label("step")).where(rows.c.code == code)
        line = up.cte("line", recursive=True)
        line = line.union_all(
            sa.select(rows.c.code, rows.c.parent, line.c.step + 1).join(line, rows.c.code == line.c.parent)
        )
        found = await self._connection.execute(
            sa.select(*_without_boundary(rows)).join(line, rows.c.code == line.c.code).order_by(line.c.step)
        )
        return [unit_of(row) for row in found.mappings()]

    async def tree(self, root: str | None, depth: int) -> list[Branch]:
        """`root` (None: every city) and what is below it to `depth`, parents first. Raises Invalid for too much."""
        rows = self._rows
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
            raise Invalid(
                "tree_too_large",
                f"单位超过 {MOST_IN_TREE} 个，请减小 depth 或指定 root",
                f"more than {MOST_IN_TREE} units; ask for less depth or another root",
                field="depth",
            )
        return branches

    async def _units(self, condition: sa.ColumnElement[bool], *, limit: int) -> list[Unit]:
        rows = await self._connection.execute(
            sa.select(*_without_boundary(self._rows)).where(condition).order_by(self._rows.c.code).limit(limit)
        )
        return [unit_of(row) for row in rows.mappings()]


def _without_boundary(rows: sa.CTE) -> Sequence[sa.ColumnElement[Any]]:
    return [sa.null().label("boundary") if column.name == "boundary" else column for column in rows.c]


def _on(past: date | None, today: date) -> sa.CTE:
    """The units that existed on a day (`past` None: today), with the facts that held then."""
    if past is None:
        return _valid(sa.select(units), units, today).cte("present")
    effective = (
        sa.select(unit_versions)
        .ext(distinct_on(unit_versions.c.code))
        .where(unit_versions.c.effective_from <= past)
        .order_by(unit_versions.c.code, unit_versions.c.version.desc())
        .subquery("effective")
    )
    return _valid(sa.select(effective), effective, past).cte("past")


def _valid(query: sa.Select[Any], rows: sa.FromClause, day: date) -> sa.Select[Any]:
    return query.where(rows.c.valid_from <= day, sa.or_(rows.c.valid_to.is_(None), rows.c.valid_to > day))
