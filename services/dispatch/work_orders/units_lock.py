"""Whoever opens work orders and whoever hears of units take turns, so that neither misses the other's rows.

Any number of transactions may open at once. One that heard of units waits for those, and then sees what they opened by
the tree of before.
"""

from zlib import crc32

import sqlalchemy as sa

from shared.db.unit_of_work import UnitOfWork

_LOCK = crc32(b"gridgov.dispatch.units")
_OPENING = sa.select(sa.func.pg_advisory_xact_lock_shared(_LOCK))
_HEARING = sa.select(sa.func.pg_advisory_xact_lock(_LOCK))


async def opening(uow: UnitOfWork) -> None:
    """The tree that is read from now on stands until this transaction ends, or its work orders are looked at again."""
    await uow.connection.execute(_OPENING)


async def hearing(uow: UnitOfWork) -> None:
    """Wait for all who open by another tree than this transaction's."""
    await uow.connection.execute(_HEARING)
