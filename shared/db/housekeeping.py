"""What keeps a service's own tables small and visible: old processed_events rows go, the outbox's size and age are measured."""

import asyncio
import contextlib
from datetime import timedelta

import sqlalchemy as sa

from shared.clock import Clock
from shared.db.tables import ServiceTables
from shared.db.transient import is_transient
from shared.db.unit_of_work import Database, transaction
from shared.telemetry.metrics import Metrics

PROCESSED_DAYS = 30
"""Longer than any topic keeps its messages (7 days), so that even a group that starts again from the beginning meets
only ids that are still known."""
MEASURE_SECONDS = 5.0
CHUNK = 5_000
"""Rows of one transaction: some 50 ms of work, which nobody waits for."""
CHUNKS_PER_LOOK = 20
"""100,000 rows every MEASURE_SECONDS, twice what 10,000 events a second leave: a backlog shrinks at full load too."""


class Housekeeping:
    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._engine = database.engine
        self._tables: ServiceTables = database.tables
        self._clock: Clock = database.clock
        self._pending = metrics.outbox_pending.labels(database.tables.service)
        self._age = metrics.outbox_age_seconds.labels(database.tables.service)

    async def run(self, stop: asyncio.Event) -> None:
        """Measure and clean every few seconds, until stopped. A database that is away is waited out."""
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            next_look = loop.time() + MEASURE_SECONDS
            try:
                await self.measure()
                await self.forget_ended()
                await self.clean(stop)
            except Exception as error:
                if not is_transient(error):
                    raise
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(next_look):
                    await stop.wait()

    async def measure(self) -> None:
        outbox = self._tables.outbox
        async with transaction(self._engine) as connection:
            row = (await connection.execute(sa.select(sa.func.count(), sa.func.min(outbox.c.at)))).one()
        count, oldest = row
        self._pending.set(count)
        self._age.set((self._clock.now() - oldest).total_seconds() if oldest else 0)

    async def forget_ended(self) -> None:
        """Delete the sessions that ended so long ago that none of their tokens is of age."""
        table = self._tables.ended_sessions
        async with transaction(self._engine) as connection:
            await connection.execute(sa.delete(table).where(table.c.until <= self._clock.now()))

    async def clean(self, stop: asyncio.Event) -> int:
        """One look: delete the processed_events rows that are too old to matter, until none is left, CHUNKS_PER_LOOK
        are done or `stop` is set; how many went."""
        gone = 0
        for _ in range(CHUNKS_PER_LOOK):
            if stop.is_set():
                break
            chunk = await self._clean_chunk()
            gone += chunk
            if chunk < CHUNK:
                break
        return gone

    async def _clean_chunk(self) -> int:
        processed_events = self._tables.processed_events
        old = (
            sa.select(processed_events.c.event_id)
            .where(processed_events.c.at < self._clock.now() - timedelta(days=PROCESSED_DAYS))
            .limit(CHUNK)
            .with_for_update(skip_locked=True)
        )
        async with transaction(self._engine) as connection:
            result = await connection.execute(sa.delete(processed_events).where(processed_events.c.event_id.in_(old)))
        return result.rowcount
