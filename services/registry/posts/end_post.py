"""A post ends."""

from datetime import date
from uuid import UUID

from services.registry.competence import require_place, require_version
from services.registry.posts.post import Post, end
from services.registry.posts.store import PostReader
from services.registry.unit_of_work import RegistryUnitOfWork
from shared.auth.principal import Principal
from shared.errors import NotFound


async def end_post(
    post_id: UUID,
    version: int,
    on: date | None,
    caller: Principal,
    uow: RegistryUnitOfWork,
    *,
    why: str | None = None,
) -> Post:
    """The post, not held any more from `on` on (today where None). Raises NotFound, Conflict and Invalid."""
    await uow.alone()
    post = await PostReader(uow.connection, caller.reach).one(post_id)
    if post is None:
        raise post_not_found()
    require_place(caller, await uow.units.line(post.unit), own=True)
    require_version(version, post.version)
    change = end(post, on or uow.today, by=caller.actor(), now=uow.now, today=uow.today, why=why)
    uow.posts.put(change)
    return change.after


def post_not_found() -> NotFound:
    return NotFound(
        "post_not_found", "没有这个任职，或您无权查看。", "There is no such post, or it is not yours to see."
    )
