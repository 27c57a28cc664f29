"""A post ends."""

from datetime import date
from uuid import UUID

from services.registry.competence import require_place
from services.registry.posts.post import Post, end
from services.registry.posts.reading import PostReader
from services.registry.posts.roles import GIVEN_FROM_ABOVE
from services.registry.posts.store import Posts
from services.registry.units.store import Units
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version


async def end_post(
    post_id: UUID, version: int, on: date | None, caller: Principal, uow: UnitOfWork, *, why: str | None = None
) -> Post:
    """The post, not held any more from `on` on (today where None). Raises NotFound, Forbidden, Conflict and Invalid."""
    await alone(uow)
    post = await PostReader(uow, caller).one(post_id)
    if post.role in GIVEN_FROM_ABOVE:
        require_place(caller, [unit.code for unit in await Units.of(uow).ancestors(post.unit)])
    require_version(version, post.version)
    today = local_day(uow.now)
    change = end(post, on or today, by=caller.actor(), now=uow.now, today=today, why=why)
    Posts.of(uow).put(change)
    return change.after
