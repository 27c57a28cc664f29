"""Posts of a table at once: all of it or nothing, and nothing again the second time.

A row gives a post as a form would; one that is there already and now has an end is ended. Reach and rules are those of
`put_post` and `end_post`, so a table can do nothing that a form cannot.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import date
from typing import Final

from services.registry.posts.end_post import end_post
from services.registry.posts.post import Post
from services.registry.posts.put_post import put_post
from services.registry.posts.schemas import PostBody
from services.registry.posts.sheet import body_of
from services.registry.posts.store import Posts
from services.registry.premises.reading import PremisesReader
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_each

MOST: Final = 2_000
"""Rows of one import: writers wait for each other, so an import holds all others up while it runs."""


async def import_posts(rows: Sequence[Row], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Give and end what the rows say; an end is a change. The unit of work must not be committed where one was refused."""
    await alone(uow)
    known: defaultdict[Hashable, list[Post]] = defaultdict(list)
    for post in (await Posts.of(uow).all()).values():
        known[post.office].append(post)
    numbers = {number for row in rows if (number := row.values.get("premises"))}
    places = {number: one.id for number, one in (await PremisesReader(uow, caller).numbered(numbers)).items()}
    today = local_day(uow.now)

    async def take(row: Row) -> Done:
        told = body_of(row.values)
        stored = _stored(told, known[told.person, told.role, told.unit, places.get(told.premises or "")], today)
        return await _follow(told, stored, today, caller, uow, why)

    return await take_each(rows, take)


def _stored(told: PostBody, same: list[Post], today: date) -> Post | None:
    """The post that the row tells of: one that began on its day, or, where it names none, one that is held today."""
    if told.valid_from is not None:
        return next((post for post in same if post.valid_from == told.valid_from), None)
    return next((post for post in same if post.held_on(today)), None)


async def _follow(
    told: PostBody, stored: Post | None, today: date, caller: Principal, uow: UnitOfWork, why: str | None
) -> Done:
    if stored is None:
        await put_post(told.post(new_id(), today), caller, uow, premises=told.premises, why=why)
        return "entered"
    if told.valid_to == stored.valid_to:
        return "same"
    await end_post(stored.id, stored.version, told.valid_to, caller, uow, why=why)
    return "changed"
