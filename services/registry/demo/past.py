"""The past, as the demo lives through it: one unit of work whose clock is moved on from act to act.

One transaction for all of it: killed midway, nothing of it is there, and the next start makes it anew. Only before
anybody else works: what was told until now must not be told of once more (`shared/db/outbox/told.py`).
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Final

from shared.clock import LOCAL
from shared.db.unit_of_work import UnitOfWork

WEEKS: Final = 26
"""How long the history is: half a year."""


class Past:
    """`now` is the present, where the past ends (UTC)."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.now = uow.now

    @asynccontextmanager
    async def uow(self, at: datetime) -> AsyncIterator[UnitOfWork]:
        """The unit of work, at `at` and not after now. When the block ends, its changes are there for all that follows."""
        self._uow.now = min(at, self.now)
        yield self._uow
        await self._uow.flush()

    def joined(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """The same, for what opens a unit of work by itself."""
        return nullcontext(self._uow)

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """A local time of day, some days ago."""
        day = self.now.astimezone(LOCAL) - timedelta(days=days_ago)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)
