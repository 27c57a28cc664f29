"""Reading posts within the caller's part of the tree."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.registry.posts.post import Post
from services.registry.posts.store import Posts
from services.registry.posts.table import posts
from services.registry.premises.table import premises
from services.registry.units.reading import TreeReader
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.keyset import Page, keyset
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope
from shared.units.scope import below as below_


class Listed(NamedTuple):
    """A post with its unit's name, and number and name of the premises that it is held of, where there are any."""

    post: Post
    unit_name: str
    premises_number: str | None
    premises_name: str | None


class PostReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._uow, self._connection = uow, uow.connection
        self._scope = Scope(units, caller)

    async def one(self, id: UUID) -> Post | None:
        return await Posts.seen(self._connection, self._scope.select(posts).where(posts.c.id == id))

    async def find(
        self, *, unit: str | None, below: bool, person: str | None, role: str | None, on: date, limit: int,
        after: str | None,
    ) -> Page[Listed]:  # fmt: skip
        """A page by unit of the posts held on a local day, each with its unit's name on that day. Where a unit lies is
        asked of the tree of that day too, of today's for a day to come."""
        tree = TreeReader(self._uow, min(on, local_day(self._uow.now))).rows
        names = (premises.c.number.label("premises_number"), premises.c.name.label("premises_name"))
        query = self._scope.select(posts, *posts.c, tree.c.name.label("unit_name"), *names)
        query = query.join(tree, tree.c.code == posts.c.unit).where(exists_on(posts, on))
        query = query.outerjoin(premises, premises.c.id == posts.c.premises_id)
        if unit is not None:
            query = query.where(posts.c.unit.in_(below_(tree, unit)) if below else posts.c.unit == unit)
        if person is not None:
            query = query.where(posts.c.person == person)
        if role is not None:
            query = query.where(posts.c.role == role)
        return await keyset(self._connection, query, (posts.c.unit, posts.c.id), _listed, limit=limit, after=after)


def _listed(row: sa.RowMapping) -> Listed:
    return Listed(Posts.codec.of(row), row["unit_name"], row["premises_number"], row["premises_name"])
