"""Posts as rows: loading for a change, writing, and reading what a caller may see."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.registry.posts.post import Post
from services.registry.reach import within
from services.registry.schema import posts, units
from shared.auth.principal import Reach
from shared.change import Change
from shared.db.unit_of_work import UnitOfWork

_KIND = "post"
_FIELDS = tuple(field.name for field in fields(Post))


class Posts:
    """Writers hold the registry's lock (`RegistryUnitOfWork.alone`), so what is loaded here stays as it is."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._changed: list[Post] = []
        uow.before_commit(self._write)

    async def load(self, ids: Iterable[UUID]) -> dict[UUID, Post]:
        rows = await self._uow.connection.execute(
            sa.select(posts).where(posts.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)))),
            {"ids": list(set(ids))},
        )
        return {row["id"]: _post(row) for row in rows.mappings()}

    async def all(self) -> dict[UUID, Post]:
        rows = await self._uow.connection.execute(sa.select(posts))
        return {row["id"]: _post(row) for row in rows.mappings()}

    async def same(self, post: Post) -> list[Post]:
        """The posts, past and to come, of the same person in the same role and unit."""
        rows = await self._uow.connection.execute(
            sa.select(posts).where(posts.c.person == post.person, posts.c.role == post.role, posts.c.unit == post.unit)
        )
        return [_post(row) for row in rows.mappings()]

    async def held_in(self, unit: str, day: date) -> list[str]:
        """Ids of the posts in a unit that have not ended by a local day."""
        rows = await self._uow.connection.execute(
            sa.select(posts.c.id)
            .where(posts.c.unit == unit, posts.c.valid_to.is_(None) | (posts.c.valid_to > day))
            .order_by(posts.c.id)
        )
        return [str(post_id) for post_id in rows.scalars()]

    def put(self, *changes: Change[Post]) -> None:
        """Write new states with this transaction."""
        self._changed.extend(change.after for change in changes)
        self._uow.record(_KIND, *changes)

    async def _write(self) -> None:
        if self._changed:
            statement = insert(posts)
            # Who, what and where stay: a post is made once and ended once.
            await self._uow.connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[posts.c.id],
                    set_={name: statement.excluded[name] for name in ("valid_to", "version")},
                ),
                [asdict(post) for post in self._changed],
            )


class PostReader:
    """Posts within `reach`."""

    def __init__(self, connection: AsyncConnection, reach: Reach) -> None:
        self._connection = connection
        self._reach = reach

    async def one(self, id: UUID) -> Post | None:
        rows = await self._connection.execute(
            sa.select(posts).where(posts.c.id == id, within(self._reach, posts.c.unit))
        )
        row = rows.mappings().one_or_none()
        return _post(row) if row else None

    async def find(
        self, *, unit: str | None, below: bool, person: str | None, role: str | None, on: date, limit: int,
        after: UUID | None,
    ) -> tuple[list[tuple[Post, str]], UUID | None]:  # fmt: skip
        """A page by id of the posts held on a local day, each with its unit's present name; and the next cursor."""
        condition = (posts.c.valid_from <= on) & (posts.c.valid_to.is_(None) | (posts.c.valid_to > on))
        if unit is not None:
            condition &= within(Reach(unit, everything=False), posts.c.unit) if below else posts.c.unit == unit
        if person is not None:
            condition &= posts.c.person == person
        if role is not None:
            condition &= posts.c.role == role
        if after is not None:
            condition &= posts.c.id > after
        rows = await self._connection.execute(
            sa.select(posts, units.c.name.label("unit_name"))
            .join(units, units.c.code == posts.c.unit)
            .where(condition, within(self._reach, posts.c.unit))
            .order_by(posts.c.id)
            .limit(limit + 1)
        )
        found = [(_post(row), str(row["unit_name"])) for row in rows.mappings()]
        return found[:limit], found[limit - 1][0].id if len(found) > limit else None


def _post(row: Any) -> Post:
    return Post(**{name: row[name] for name in _FIELDS})
