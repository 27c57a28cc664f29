"""A person is given a post."""

from dataclasses import replace

from services.registry.competence import require_place
from services.registry.errors import POST_PREMISES_ELSEWHERE, POST_ROLE_RESERVED, PREMISES_UNKNOWN
from services.registry.posts.post import Post, appoint, refuse_held
from services.registry.posts.roles import GIVEN_FROM_ABOVE, RESERVED
from services.registry.posts.store import Posts
from services.registry.premises.reading import PremisesReader
from services.registry.units.store import Units
from services.registry.write_lock import alone
from shared.auth.principal import Principal, Role
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork


async def put_post(
    post: Post, caller: Principal, uow: UnitOfWork, *, premises: str | None = None, why: str | None = None
) -> Post:
    """Store the new `post`, of the `premises` with this number where one is given. Raises Conflict when the person holds
    it already, Forbidden and Invalid."""
    if post.role in RESERVED and caller.role is not Role.ADMIN:
        raise POST_ROLE_RESERVED()
    await alone(uow)
    above = await Units.of(uow).ancestors(post.unit)
    require_place(caller, [unit.code for unit in above], own=post.role not in GIVEN_FROM_ABOVE)
    if premises is not None:
        post = await _of_premises(post, premises, caller, uow)
    unit = above[0] if above else None
    change = appoint(post, unit, by=caller.actor(), now=uow.now, today=local_day(uow.now), why=why)
    refuse_held(post, await Posts.of(uow).same(post))
    Posts.of(uow).add(change)
    return post


async def _of_premises(post: Post, number: str, caller: Principal, uow: UnitOfWork) -> Post:
    found = PREMISES_UNKNOWN.unless((await PremisesReader(uow, caller).numbered([number])).get(number))
    if found.about.unit != post.unit:
        raise POST_PREMISES_ELSEWHERE(unit=found.about.unit, data={"unit": found.about.unit})
    return replace(post, premises_id=found.id)
