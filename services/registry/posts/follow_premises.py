"""Premises were stated to lie in another unit → the posts of them go on there, in the same transaction."""

from collections.abc import Collection
from uuid import UUID

from services.registry.posts.pass_on import pass_on
from services.registry.posts.store import Posts
from services.registry.units.store import Units
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id


async def follow_premises(uow: UnitOfWork, caller: Principal, of: Collection[UUID] | None) -> None:
    """Each post of these premises, None: of any, ends today and goes on where they lie now, as told so far."""
    await uow.flush()
    store, day = Posts.of(uow), local_day(uow.now)
    if not await store.astray(of, day):
        return
    await alone(uow)
    for post, code in await store.astray(of, day):
        unit = await Units.of(uow).by_code(code)
        if unit is None:
            continue
        held, successors = await store.from_day_on([code], day), {post.unit: unit.state}
        because = {"premises_id": str(post.premises_id)}
        for change in pass_on(
            [post], successors, held, day, new_id=new_id, by=caller.actor(), now=uow.now, because=because
        ):
            (store.add if change.after.version == 1 else store.put)(change)
