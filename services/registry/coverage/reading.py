"""Which units and key premises in the caller's part of the tree lack somebody. The reach is that of today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.registry.coverage.needs import NEEDS, OF_PREMISES, NeedKind
from services.registry.posts.table import posts
from services.registry.premises.kinds import Use
from services.registry.premises.past_reading import premises_then
from services.registry.premises.table import premises
from services.registry.units.reading import TreeReader
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.clock import end_of, local_day
from shared.db.keyset import Paged
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope, below


@dataclass(frozen=True, slots=True)
class Covered:
    """How one need is met: of `total` units or premises `lacking` have nobody; `gaps` are these by code."""

    kind: NeedKind
    roles: Sequence[str]
    total: int
    lacking: int
    gaps: Paged[sa.RowMapping]


class CoverageReader:
    """On `day` by `tree`, the tree of that day, within `area` where one is given."""

    def __init__(self, uow: UnitOfWork, caller: Principal, tree: TreeReader, day: date, area: str | None) -> None:
        self._connection, self._tree, self._day, self._area = uow.connection, tree, day, area
        self._past = day < local_day(uow.now)
        self._units = Scope(units, caller)
        self._premises = Scope(units, caller, served=True)

    async def covered(self, kind: NeedKind) -> Covered:
        """Premises are as their files stood when the day ended."""
        if kind is NeedKind.KEY_PREMISES:
            return await self._of_premises()
        need, rows = NEEDS[kind], self._tree.rows.c
        held = sa.exists().where(posts.c.unit == rows.code, posts.c.role.in_(need.roles), exists_on(posts, self._day))
        wanted = (rows.kind == need.kind) & self._units.covers(rows.code)
        if self._area is not None:
            wanted &= rows.code.in_(below(self._tree.rows, self._area))
        counts = sa.select(sa.func.count(), sa.func.count().filter(~held)).select_from(self._tree.rows).where(wanted)
        total, lacking = (await self._connection.execute(counts)).one()
        gaps = sa.select(rows.code, rows.name, rows.parent, sa.null().label("premises_id")).where(wanted, ~held)
        found = Paged(self._connection, gaps, (rows.code,), lambda row: row)
        return Covered(kind, need.roles, total, lacking, found)

    async def _of_premises(self) -> Covered:
        rows: sa.FromClause = premises_then(end_of(self._day)) if self._past else premises
        wanted = rows.c.key_unit & (rows.c.use == Use.OPEN)
        if self._area is not None:
            wanted &= rows.c.unit.in_(below(self._tree.rows, self._area))
        held = sa.exists().where(
            posts.c.premises_id == premises.c.id, posts.c.role.in_(OF_PREMISES), exists_on(posts, self._day)
        )
        lacks = (rows.c.manager == "") & ~held

        def select(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
            query = self._premises.select(premises, *columns).where(wanted)
            return query.join(rows, sa.true()) if self._past else query

        total, lacking = (
            await self._connection.execute(select(sa.func.count(), sa.func.count().filter(lacks)))
        ).one()  # fmt: skip
        gaps = select(
            premises.c.number.label("code"),
            rows.c.name,
            rows.c.unit.label("parent"),
            premises.c.id.label("premises_id"),
        ).where(lacks)
        found = Paged(self._connection, gaps, (premises.c.number,), lambda row: row)
        return Covered(NeedKind.KEY_PREMISES, OF_PREMISES, total, lacking, found)

    async def names(self, codes: Sequence[str | None]) -> Mapping[str, str]:
        """What units are called on the day."""
        rows = self._tree.rows.c
        wanted = sa.any_(sa.literal([code for code in codes if code], sa.ARRAY(sa.Text)))
        found = await self._connection.execute(sa.select(rows.code, rows.name).where(rows.code == wanted))
        return {row.code: row.name for row in found}
