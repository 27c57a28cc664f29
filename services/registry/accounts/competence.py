"""Whose account an administrator may make, reset or lock: nobody draws another's power to themselves.

An account is kept in a unit; its administrators are those of that unit and above. Whoever can sign a person in acts with
all that the person's posts allow, so making or resetting an account needs every one of those posts within the own part of
the tree. Locking gives nobody anything, and needs only the account.
"""

import sqlalchemy as sa

from services.registry.accounts.account import Account
from services.registry.competence import require_place
from services.registry.errors import ACCOUNT_POSTS_OUTSIDE, ACCOUNT_UNIT_UNKNOWN
from services.registry.posts.table import posts
from services.registry.units.store import Units
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import OUTSIDE_REACH
from shared.units.scope import Scope


async def require_keeper(account: Account, caller: Principal, uow: UnitOfWork, *, posts_too: bool) -> None:
    """Raise Forbidden unless the caller keeps the account, and with `posts_too` reaches all that its person may do now
    or from a later day on."""
    if account.unit is None:
        if not caller.reach.everything:
            raise OUTSIDE_REACH()
        return
    above = await Units.of(uow).ancestors(account.unit)
    if not above or not above[0].valid_on(local_day(uow.now)):
        raise ACCOUNT_UNIT_UNKNOWN()
    require_place(caller, [unit.code for unit in above], own=True)
    if posts_too:
        today = local_day(uow.now)
        going_on = posts.c.valid_to.is_(None) | (posts.c.valid_to > today)
        outside = sa.exists().where(posts.c.person == account.person, going_on, ~Scope(units, caller).condition(posts))
        if await uow.connection.scalar(sa.select(outside)):
            raise ACCOUNT_POSTS_OUTSIDE()
