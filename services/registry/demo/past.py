"""The past, as the demo lives through it: units of work whose clock stands at an instant that is over.

Only before anybody else works: what was told until now must not be told of once more (`shared/db/outbox/told.py`).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from shared.clock import LOCAL, SetClock
from shared.db.unit_of_work import Database, UnitOfWork

WEEKS: Final = 26
"""How long the history is: half a year."""


class Past:
    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self.now = now

    @asynccontextmanager
    async def uow(self, at: datetime) -> AsyncIterator[UnitOfWork]:
        """A transaction at `at`, which is not after now."""
        async with UnitOfWork(replace(self._database, clock=SetClock(min(at, self.now)))) as uow:
            # A crash meanwhile costs nothing but a demo, and a few hundred commits would wait for the disk.
            await uow.connection.execute(sa.text("SET LOCAL synchronous_commit = off"))
            yield uow

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """A local time of day, some days ago."""
        day = self.now.astimezone(LOCAL) - timedelta(days=days_ago)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)
