"""Reading posts within the caller's part of the tree."""

from typing import Annotated, NamedTuple

import sqlalchemy as sa
from pydantic import Field

from services.registry.errors import POST_NOT_FOUND
from services.registry.posts.post import Post
from services.registry.posts.store import Posts
from services.registry.posts.table import posts
from services.registry.premises.table import premises
from services.registry.units.reading import TreeReader
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.clock import local_day
from shared.db.filters import equal
from shared.db.keyset import Paged
from shared.db.scoped_reader import ScopedReader
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, QueryModel, Subject
from shared.units.scope import below

PostRole = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,63}$")]
"""A role of `posts/roles.py`."""


class PostFilter(QueryModel):
    """Posts held on a day, today where it is left out; one to come is possible, for posts are arranged ahead. `below`
    includes the units under `unit`."""

    unit: Code | None = None
    below: bool = False
    person: Subject | None = None
    role: PostRole | None = None
    as_of: Day | None = None


class PostQuery(PageQuery, PostFilter):
    """The same, page by page."""


class Listed(NamedTuple):
    """A post with its unit's name, and number and name of the premises that it is held of, where there are any."""

    post: Post
    unit_name: str
    premises_number: str | None
    premises_name: str | None


class PostReader(ScopedReader[Post]):
    units, store, missing = units, Posts, POST_NOT_FOUND

    def find(self, wanted: PostFilter) -> Paged[Listed]:
        """By unit, each with its unit's name on the day. Where a unit lies is asked of the tree of the day, too; of today's
        for a day to come."""
        today = local_day(self._uow.now)
        on = wanted.as_of or today
        tree = TreeReader(self._uow, min(on, today)).rows
        names = (premises.c.number.label("premises_number"), premises.c.name.label("premises_name"))
        query = self._scope.select(posts, *posts.c, tree.c.name.label("unit_name"), *names)
        query = query.join(tree, tree.c.code == posts.c.unit).where(exists_on(posts, on))
        query = query.outerjoin(premises, premises.c.id == posts.c.premises_id)
        if (unit := wanted.unit) is not None:
            query = query.where(posts.c.unit.in_(below(tree, unit)) if wanted.below else posts.c.unit == unit)
        query = query.where(*equal({posts.c.person: wanted.person, posts.c.role: wanted.role}))
        return Paged(self._connection, query, (posts.c.unit, posts.c.id), _listed)


def _listed(row: sa.RowMapping) -> Listed:
    return Listed(Posts.codec.of(row), row["unit_name"], row["premises_number"], row["premises_name"])
