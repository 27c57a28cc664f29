"""Posts as rows: what writers look at."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from services.registry.posts.post import Post
from services.registry.posts.table import posts
from services.registry.premises.table import premises
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec
from shared.db.unit_of_work import UnitOfWork


class Posts(Aggregates[Post]):
    """Writers hold the registry's lock (`write_lock.alone`), so what is read here stays as it is."""

    kind = "post"
    codec = RowCodec(Post, posts)

    async def all(self) -> dict[UUID, Post]:
        return {post.id: post for post in await self.where()}

    async def same(self, post: Post) -> Sequence[Post]:
        """The posts, past and to come, of the same office."""
        same = (posts.c.person == post.person) & (posts.c.role == post.role) & (posts.c.unit == post.unit)
        return await self.where(same, posts.c.premises_id.is_not_distinct_from(post.premises_id))

    async def from_day_on(self, units: Collection[str], day: date) -> Sequence[Post]:
        """The posts in these units that have not ended by a local day."""
        there = posts.c.unit == sa.any_(sa.literal(list(units), sa.ARRAY(sa.Text)))
        return await self.where(there, posts.c.valid_to.is_(None) | (posts.c.valid_to > day))

    async def astray(self, of: Collection[UUID] | None, day: date) -> Sequence[tuple[Post, str]]:
        """The posts that have not ended by a local day and are of premises (`of` these, None: of any) which lie in another
        unit by now; with that unit."""
        await self.flush()
        held = posts.c.valid_to.is_(None) | (posts.c.valid_to > day)
        one_of = sa.true() if of is None else posts.c.premises_id == sa.any_(sa.literal(list(of), sa.ARRAY(sa.Uuid)))
        query = (
            sa.select(*self.codec.columns, premises.c.unit)
            .join(premises, premises.c.id == posts.c.premises_id)
            .where(premises.c.unit != posts.c.unit, held, one_of)
            .order_by(posts.c.id)
        )
        return [(self.codec.of_values(row[:-1]), row[-1]) for row in await self._uow.connection.execute(query)]


async def holders(uow: UnitOfWork, unit: str, day: date) -> list[str]:
    """Ids of the posts in a unit that have not ended by a local day."""
    rows = await uow.connection.execute(
        sa.select(posts.c.id)
        .where(posts.c.unit == unit, posts.c.valid_to.is_(None) | (posts.c.valid_to > day))
        .order_by(posts.c.id)
    )
    return [str(post_id) for post_id in rows.scalars()]
