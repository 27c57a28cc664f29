"""Sessions that ended before their tokens did: each service keeps those whose tokens are still of age, and refuses them.

Registry says so in an event; every service writes it down (`keep_ended`), and every process that verifies tokens looks at
these few rows every few seconds. A token without a session, a program's, is never looked up.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.auth.principal import Principal
from shared.auth.tokens import TokenVerifier
from shared.bus.batch import Batch
from shared.clock import Clock
from shared.db.unit_of_work import UnitOfWork, transaction
from shared.errors import Unauthenticated
from shared.events.registry.accounts import SessionEnded

LOOK_EVERY: Final = timedelta(seconds=5)

SESSION_ENDED: Final = Unauthenticated.row(
    "session_ended",
    "登录已结束（已退出、密码已重置或账号已锁定），请重新登录",
    "the session has ended: signed out, password reset, or account locked; sign in again",
)


async def note_ended(connection: AsyncConnection, table: sa.Table, ended: Iterable[SessionEnded]) -> None:
    """Write down sessions that ended; again changes nothing."""
    rows = sorted({(one.session_id, one.until) for one in ended})
    if rows:
        values = [{"session": session, "until": until} for session, until in rows]
        await connection.execute(insert(table).on_conflict_do_nothing(), values)


async def keep_ended(batch: Batch[SessionEnded], uow: UnitOfWork) -> None:
    """Handler of SessionEnded, the same in every service. What is past already need not be kept."""
    await note_ended(uow.connection, uow.tables.ended_sessions, (one for one in batch.events if one.until > uow.now))


class SessionVerifier:
    """Verifies tokens as `verifier` does, and refuses those of sessions that are in `table`."""

    def __init__(self, verifier: TokenVerifier, engine: AsyncEngine, table: sa.Table, clock: Clock) -> None:
        self._verifier, self._engine, self._table, self._clock = verifier, engine, table, clock
        self._ended: frozenset[UUID] = frozenset()
        self._looked: datetime | None = None

    async def verify(self, token: str) -> Principal:
        principal = await self._verifier.verify(token)
        if principal.session is not None and principal.session in await self._known():
            raise SESSION_ENDED()
        return principal

    async def _known(self) -> frozenset[UUID]:
        now, before = self._clock.now(), self._looked
        if before is None or abs(now - before) >= LOOK_EVERY:
            self._looked = now  # first: of many requests at once only one looks
            try:
                async with transaction(self._engine) as connection:
                    found = sa.select(self._table.c.session).where(self._table.c.until > now)
                    self._ended = frozenset((await connection.execute(found)).scalars())
            except BaseException:
                self._looked = before
                raise
        return self._ended
