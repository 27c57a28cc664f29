"""Registry's unit of work: the shared one with registry's stores."""

from datetime import date
from zlib import crc32

import sqlalchemy as sa

from services.registry.posts.store import Posts
from services.registry.units.store import Units
from shared.clock import LOCAL
from shared.db.unit_of_work import Database, UnitOfWork

_LOCK = crc32(b"gridgov.registry.write")


class RegistryUnitOfWork(UnitOfWork):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.units = Units(self)
        self.posts = Posts(self)

    @property
    def today(self) -> date:
        """The local day (Asia/Shanghai) of this transaction."""
        return self.now.astimezone(LOCAL).date()

    async def alone(self) -> None:
        """Wait until no other transaction changes the registry, and keep others waiting until this one ends.

        The rules look at several rows (parent, children, posts); two changes at once could each be right and together
        wrong. Changes are rare here, so they take turns.
        """
        await self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
