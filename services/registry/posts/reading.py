"""Reading posts within the caller's part of the tree, and which units there lack somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from services.registry.posts.coverage import Need
from services.registry.posts.post import Post
from services.registry.posts.store import Posts
from services.registry.posts.table import posts
from services.registry.units.reading import TreeReader
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.db.keyset import Page, keyset
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope, below


@dataclass(frozen=True, slots=True)
class Covered:
    """How one need is met: of `units` units `lacking` have nobody; `gaps` is a page of them by code."""

    need: Need
    units: int
    lacking: int
    gaps: Page


class PostReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._connection = uow.connection
        self._scope = Scope(units, caller)

    async def one(self, id: UUID) -> Post | None:
        rows = await self._connection.execute(self._scope.select(posts).where(posts.c.id == id))
        row = rows.mappings().one_or_none()
        return Posts.codec.of(row) if row else None

    async def find(
        self, *, unit: str | None, below: bool, person: str | None, role: str | None, on: date, limit: int,
        after: str | None,
    ) -> tuple[Sequence[tuple[Post, str]], str | None]:  # fmt: skip
        """A page by id of the posts held on a local day, each with its unit's present name; and the next cursor."""
        query = self._scope.select(posts, *posts.c, units.c.name.label("unit_name"))
        query = query.join(units, units.c.code == posts.c.unit).where(exists_on(posts, on))
        if unit is not None:
            query = query.where(self._scope.within(unit, posts) if below else posts.c.unit == unit)
        if person is not None:
            query = query.where(posts.c.person == person)
        if role is not None:
            query = query.where(posts.c.role == role)
        page = await keyset(self._connection, query, (posts.c.id,), limit=limit, after=after)
        return [(Posts.codec.of(row), row["unit_name"]) for row in page.rows], page.next

    async def covered(
        self, need: Need, tree: TreeReader, day: date, *, area: str | None, limit: int, after: str | None
    ) -> Covered:
        """The need's state on the day of `tree`, within `area` where one is given. The reach is that of today."""
        rows = tree.rows.c
        held = sa.exists().where(posts.c.unit == rows.code, posts.c.role.in_(need.roles), exists_on(posts, day))
        wanted = (rows.kind == need.kind) & self._scope.covers(rows.code)
        if area is not None:
            wanted &= rows.code.in_(below(tree.rows, area))
        counts = sa.select(sa.func.count(), sa.func.count().filter(~held)).select_from(tree.rows).where(wanted)
        total, lacking = (await self._connection.execute(counts)).one()
        gaps = sa.select(rows.code, rows.name, rows.parent).where(wanted, ~held)
        page = await keyset(self._connection, gaps, (rows.code,), limit=limit, after=after)
        return Covered(need, total, lacking, page)
