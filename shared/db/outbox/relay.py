"""The relay carries committed outbox rows to the bus, oldest first, and deletes what the bus has confirmed.

One relay at a time per service: the lock, the reading and the deleting share one transaction, so a relay that lost its
connection has lost its lock and can confirm nothing. Rows are gone only with its commit, after the bus's answer: a crash
between the two sends the same rows again, with the same event ids. How far everything was told (by a service that owns
limits) is said only behind all that was there to be sent: while anything waits, nothing is promised.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from zlib import crc32

import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.bus.port import Bus, BusUnavailable, Message, MessageTooLarge, Producer
from shared.clock import Clock
from shared.db.outbox.heard import heard
from shared.db.outbox.told import told_messages, told_until
from shared.db.tables import ServiceTables
from shared.db.transient import is_transient
from shared.db.unit_of_work import transaction
from shared.events.topics import dead_letters
from shared.failpoints import failpoint
from shared.telemetry import logs
from shared.telemetry.metrics import Metrics
from shared.telemetry.trouble import Trouble

BATCH = 1000
IDLE_POLL = 0.05
"""Seconds between looks when no hint came, where another process may have committed."""
LONGEST_REST = 0.1
"""Seconds: behind a batch that was not full a relay rests as a consumer does (shared/bus/consumer.py)."""
LONGEST_PAUSE = 5.0
_LONGEST_TEXT = 1000
"""Characters that stay of a header or key of a dead letter which even without its value is too large."""


def lock_key(service: str) -> int:
    """The advisory lock that a service's relay holds for each batch; who holds it too (a backup) makes it stand still."""
    return crc32(f"gridgov.relay.{service}".encode())


class Relay:
    """Sends for one service. `wake()` is the hint of a committing unit of work in the same process."""

    def __init__(
        self,
        engine: AsyncEngine,
        tables: ServiceTables,
        bus: Bus,
        clock: Clock,
        *,
        idle_poll: float = IDLE_POLL,
        metrics: Metrics,
    ) -> None:
        self._engine = engine
        self._lock = lock_key(tables.service)
        self._take = _take(tables.outbox, self._lock)
        self._service = tables.service
        self._tables = tables
        self._tell_at = 0.0
        self._clock = clock
        self._bus = bus
        self._producer: Producer | None = None
        self._idle_poll = idle_poll
        self._metrics = metrics
        self._dead_lettered = metrics.events_dead_lettered.labels(tables.service)
        self._failures = metrics.outbox_failures.labels(tables.service)
        self._hint = asyncio.Event()
        self._log = logs.logger("relay", service=tables.service)
        self._trouble = Trouble(self._log)

    def wake(self) -> None:
        self._hint.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until stopped. Trouble with bus or database is waited out with growing pauses, never raised."""
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self.wake())
        try:
            await self._run(stop)
        finally:
            stopping.cancel()
            producer, self._producer = self._producer, None
            if producer is not None:
                with contextlib.suppress(BusUnavailable):
                    await producer.close()

    async def _run(self, stop: asyncio.Event) -> None:
        pause = self._idle_poll
        while not stop.is_set():
            self._hint.clear()
            began = monotonic()
            try:
                count = await self.send_batch(tell=monotonic() >= self._tell_at)
                pause = self._idle_poll
                self._trouble.over()
            except Exception as error:  # noqa: BLE001 - the relay must outlive every failure; it only waits
                if not (isinstance(error, BusUnavailable) or is_transient(error)):
                    self._trouble.failed(logs.RELAY_FAILED, error)
                else:
                    self._failures.inc()
                    self._trouble.waits(logs.RELAY_WAITS, type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await stop.wait()
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            if 0 < count < BATCH:
                await asyncio.sleep(min(monotonic() - began, LONGEST_REST))
            if count < BATCH and not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._idle_poll):
                        await self._hint.wait()

    async def send_batch(self, *, tell: bool = False) -> int:
        """Send up to BATCH rows; the number of rows sent (0 when none are waiting or another relay is at work). `tell`: and
        behind them how far everything was told, if that were all."""
        async with transaction(self._engine) as connection:
            own: datetime | None = None
            others: Mapping[str, datetime] = {}
            if tell and self._tables.tells:
                own = await told_until(connection, self._service, self._clock, self._lock)
            if own is not None:
                others = await heard(connection, self._tables.told)
            rows = (await connection.execute(self._take)).all()
            if rows:
                await self._send([Message(row.topic, row.key, row.value, from_json(row.headers)) for row in rows])
                failpoint("relay.after_ack")
            if own is not None and len(rows) < BATCH:
                await self._send(await told_messages(self._tables, self._bus, own, others))
        if tell and len(rows) < BATCH:
            self._tell_at = monotonic() + self._bus.mark_seconds
        self._metrics.outbox_sent.labels(self._service).inc(len(rows))
        return len(rows)

    async def _send(self, messages: list[Message]) -> None:
        """Send all. A message that the bus refuses for its size goes to the dead letters, from where it can be sent again
        once the bus takes it; without its value if it is too large for them as well."""
        if self._producer is None:
            self._producer = await self._bus.producer(f"{self._service}-relay")
        while True:
            try:
                await self._producer.send(messages)
            except MessageTooLarge as refused:
                big = messages[refused.index]
                self._log.error(logs.EVENT_TOO_LARGE, topic=big.topic, key=big.key)
                letter = self._letter(big)
                if big.topic != letter.topic:
                    self._dead_lettered.inc()
                if letter == big:
                    raise BusUnavailable("the bus finds even a dead letter without a value too large") from refused
                messages[refused.index] = letter
                del messages[: refused.appended]
            else:
                return

    def _letter(self, big: Message) -> Message:
        """The dead letter that stands for `big`. One that was a dead letter before keeps the origin it has."""
        letters, key, value = dead_letters(self._service), big.key, b""
        headers = {"dead_topic": big.topic, "dead_reason": "too large for the bus", **big.headers}
        if big.value and big.topic != letters:
            value = big.value
        else:
            headers["dead_value"] = "dropped"
        if not big.value:  # then headers or key were too large
            key = key[:_LONGEST_TEXT]
            kept = {name: text for name, text in headers.items() if name.startswith(("ce_", "dead_"))}
            headers = {name[:100]: text[:_LONGEST_TEXT] for name, text in list(kept.items())[-50:]}
        return Message(letters, key, value, headers)


def _take(outbox: sa.Table, lock: int) -> sa.Executable:
    """The lock and, where it is ours, the oldest rows, deleted: one statement, since each of them waits for a turn of a
    busy loop. That it looks before it has the lock does no harm: what another relay has deleted meanwhile a DELETE
    passes over, and what was added meanwhile is younger than all else of its aggregate."""
    oldest = sa.select(outbox.c.id).order_by(outbox.c.id).limit(BATCH).scalar_subquery()
    gone = (
        sa.delete(outbox)
        .where(
            sa.select(sa.func.pg_try_advisory_xact_lock(lock)).scalar_subquery(),
            outbox.c.id == sa.any_(sa.func.array(oldest, type_=sa.ARRAY(sa.BigInteger))),
        )
        .returning(outbox.c.id, outbox.c.topic, outbox.c.key, outbox.c.headers, outbox.c.value)
        .cte("gone")
    )
    return sa.select(gone).order_by(gone.c.id)
