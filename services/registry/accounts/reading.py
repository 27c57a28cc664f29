"""Which posts a person holds, for who signs in."""

from collections.abc import Sequence
from datetime import date

from services.registry.accounts.account import Account
from services.registry.accounts.session import HeldPost
from services.registry.posts.table import posts
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.auth.principal import Role
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import unscoped


async def held_posts(uow: UnitOfWork, account: Account, day: date) -> Sequence[HeldPost]:
    """The posts that the account's person holds on a local day, wherever; the longest held first."""
    columns = (posts.c.id, posts.c.role, units.c.id.label("unit_id"), posts.c.unit, units.c.name.label("unit_name"))
    query = (
        unscoped(posts, *columns, why="everybody may know their own posts")
        .join(units, units.c.code == posts.c.unit)
        .where(posts.c.person == account.person, exists_on(posts, day), exists_on(units, day))
        .order_by(posts.c.valid_from, posts.c.id)
    )
    held = [HeldPost(*row) for row in await uow.connection.execute(query)]
    return [HeldPost(account.id, Role.ADMIN.value), *held] if account.administers_all else held
