"""The registry's write lock.

The rules look at several rows (parent, children, neighbours, posts); two changes at once could each be right and
together wrong. Changes are rare here, so they take turns.
"""

from zlib import crc32

import sqlalchemy as sa

from shared.db.unit_of_work import UnitOfWork

_LOCK = crc32(b"gridgov.registry.write")


async def alone(uow: UnitOfWork) -> None:
    """Wait until no other transaction changes the registry, and keep others waiting until this one ends."""
    await uow.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
