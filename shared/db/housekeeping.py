"""What keeps a service's plumbing small and visible: old processed_events rows go, the outbox's size and age are measured."""

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
_CHUNK = 5_000


class Housekeeping:
    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._engine = database.engine
        self._tables: ServiceTables = database.tables
        self._clock: Clock = database.clock
        self._pending = metrics.outbox_pending.labels(database.tables.service)
        self._age = metrics.outbox_age_seconds.labels(database.tables.service)

    async def run(self, stop: asyncio.Event) -> None:
        """Measure every few seconds and clean a chunk each time, until stopped. A database that is away is waited out."""
        while not stop.is_set():
            try:
                await self.measure()
                await self.clean()
            except Exception as error:
                if not is_transient(error):
                    raise
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MEASURE_SECONDS):
                    await stop.wait()

    async def measure(self) -> None:
        outbox = self._tables.outbox
        async with transaction(self._engine) as connection:
            row = (await connection.execute(sa.select(sa.func.count(), sa.func.min(outbox.c.at)))).one()
        count, oldest = row
        self._pending.set(count)
        self._age.set((self._clock.now() - oldest).total_seconds() if oldest else 0)

    async def clean(self) -> int:
        """Delete a chunk of processed_events rows that are too old to matter; how many went."""
        processed_events = self._tables.processed_events
        old = (
            sa.select(processed_events.c.event_id)
            .where(processed_events.c.at < self._clock.now() - timedelta(days=PROCESSED_DAYS))
            .limit(_CHUNK)
            .with_for_update(skip_locked=True)
        )
        async with transaction(self._engine) as connection:
            result = await connection.execute(sa.delete(processed_events).where(processed_events.c.event_id.in_(old)))
        return result.rowcount
