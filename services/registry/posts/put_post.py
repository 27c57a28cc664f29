"""A person is given a post."""

from services.registry.competence import require_place
from services.registry.posts.post import Post, already_held, appoint
from services.registry.unit_of_work import RegistryUnitOfWork
from shared.auth.principal import Principal


async def put_post(post: Post, caller: Principal, uow: RegistryUnitOfWork, *, why: str | None = None) -> Post:
    """Store the new `post`. Raises Conflict when the person holds it already, Forbidden and Invalid."""
    await uow.alone()
    unit = (await uow.units.load([post.unit])).get(post.unit)
    require_place(caller, await uow.units.line(post.unit), own=True)
    change = appoint(post, unit.facts if unit else None, by=caller.actor(), now=uow.now, today=uow.today, why=why)
    for other in await uow.posts.same(post):
        if other.overlaps(post):
            raise already_held(other)
    uow.posts.put(change)
    return change.after
