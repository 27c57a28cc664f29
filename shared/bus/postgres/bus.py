"""The bus on PostgreSQL: a durable log in a schema of its own, for the embedded form and wherever Kafka is too much.

Idle it costs one small query per process four times a second, and one per reader for its lease: one watcher looks at
the heads of the partitions for all readers, and messages sent from this process wake them without a query.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence

from pydantic_core import to_json

from shared.bus.layout import check_sizes, partition_of
from shared.bus.port import BusUnavailable, Message, TopicSpec, UnknownTopic
from shared.bus.postgres.consumer import PostgresConsumer
from shared.bus.postgres.pool import Pool
from shared.bus.postgres.schema import checked, install
from shared.bus.postgres.sql import statements
from shared.bus.postgres.tidy import tidy

log = logging.getLogger(__name__)

_BUSY_POLL = 0.05
_IDLE_POLL = 0.25
_TIDY_EVERY = 60.0


class PostgresBus:
    """See `shared.bus.port.Bus`.

    `lease`: seconds after its last sign of life for which a member keeps its partitions. `patience`: seconds for which
    a batch in hand may hold up a partition that is to go to another member; after that its commit is Fenced.
    `timeout`: seconds after which a statement counts as failed.
    """

    mark_seconds = 1.0  # the newest of each partition is kept (`tidy`)

    def __init__(
        self,
        dsn: str,
        *,
        schema: str = "bus",
        lease: float = 6.0,
        patience: float = 30.0,
        timeout: float = 12.0,
        connections: int = 8,
    ) -> None:
        self.lease = lease
        self.patience = patience
        self.pool = Pool(dsn, size=connections, timeout=timeout)
        self.statements = statements(checked(schema))
        self.heads: dict[int, int] = {}
        self._schema = schema
        self._topics: dict[str, list[int]] = {}
        self._consumers: set[PostgresConsumer] = set()
        self._background: set[asyncio.Task[None]] = set()
        self._trouble: BusUnavailable | None = None
        # Beside the cancellation of the tasks: before Python 3.12 asyncio.wait_for, which asyncpg uses, may swallow one.
        self._closing = False

    async def start(self) -> None:
        self._closing = False
        await self.pool.open()
        try:
            async with self.pool.connection() as connection:
                await install(connection, self._schema)
        except BaseException:
            await self.pool.close()
            raise
        for work in (self._watch(), self._tidy_at_times()):
            self._background.add(asyncio.create_task(work, name="postgres bus"))

    async def close(self) -> None:
        self._closing = True
        for consumer in tuple(self._consumers):
            await consumer.close()
        for task in self._background:
            task.cancel()
        if self._background:
            await asyncio.wait(self._background)
        self._background.clear()
        await self.pool.close()

    async def ensure_topics(self, topics: Sequence[TopicSpec]) -> None:
        s = self._schema
        async with self.pool.connection() as connection, connection.transaction():
            for topic in sorted(topics, key=lambda topic: topic.name):
                # The row of the topic is the lock: a second creator waits here and then finds it all done.
                number = await connection.fetchval(
                    f"INSERT INTO {s}.topic (name, compacted, retention_days) VALUES ($1, $2, $3)"
                    " ON CONFLICT (name) DO NOTHING RETURNING id",
                    topic.name,
                    topic.compacted,
                    topic.retention_days,
                )
                if number is not None:
                    await connection.execute(
                        f"INSERT INTO {s}.partition (topic, number) SELECT $1, n FROM generate_series(0, $2 - 1) n",
                        number,
                        topic.partitions,
                    )

    async def producer(self, name: str) -> "PostgresProducer":  # noqa: ARG002 - the port's, for Kafka
        return PostgresProducer(self)

    async def consumer(self, group: str, topics: Sequence[str], member: str) -> PostgresConsumer:
        for topic in topics:
            await self.parts(topic)
        consumer = PostgresConsumer(self, group, topics, member)
        self._consumers.add(consumer)
        try:
            await consumer.join()
        except BaseException:
            self._consumers.discard(consumer)
            raise
        return consumer

    async def ping(self) -> None:
        await self.pool.fetch("SELECT 1")

    async def tidy(self) -> int:
        """Remove what retention and compaction allow; done every minute anyway. Returns the messages removed."""
        return await tidy(self.pool, self._schema)

    async def partitions(self, topic: str) -> int:
        return len(await self.parts(topic))

    async def parts(self, topic: str) -> list[int]:
        """The ids of the partitions of `topic` in their order. Raises UnknownTopic, BusUnavailable."""
        if topic not in self._topics:
            rows = await self.pool.fetch(self.statements.places, [topic])
            if not rows:
                raise UnknownTopic(topic)
            self._topics[topic] = [row["id"] for row in sorted(rows, key=lambda row: int(row["number"]))]
        return self._topics[topic]

    def saw_head(self, part: int, next: int) -> None:
        """Note that `part` ends before offset `next`, and wake whoever reads it."""
        if next > self.heads.get(part, 0):
            self.heads[part] = next
            for consumer in self._consumers:
                if part in consumer.owned:
                    consumer.news.set()

    def nudge(self, group: str, *, but: PostgresConsumer | None = None) -> None:
        """Tell the members of `group` in this process that its membership or ownership changed."""
        for consumer in self._consumers:
            if consumer.group == group and consumer is not but:
                consumer.nudge()

    def forget(self, consumer: PostgresConsumer) -> None:
        self._consumers.discard(consumer)

    def broken(self, trouble: BusUnavailable) -> None:
        self._trouble = trouble

    def raise_if_broken(self) -> None:
        """Raise BusUnavailable when the last look at the log failed, so that silence is not taken for calm."""
        if self._trouble is not None:
            raise BusUnavailable(str(self._trouble)) from self._trouble

    async def _watch(self) -> None:
        """Look for what other processes have sent: often while there is something, less often in quiet times."""
        pause = _BUSY_POLL
        while not self._closing:
            await asyncio.sleep(pause)
            parts = {part for consumer in self._consumers for part in consumer.owned}
            try:
                rows = await self.pool.fetch(self.statements.heads, list(parts)) if parts else []
            except BusUnavailable as trouble:
                self.broken(trouble)
                pause = _IDLE_POLL
                continue
            self._trouble = None
            moved = [row for row in rows if row["next"] > self.heads.get(row["part"], 0)]
            for row in moved:
                self.saw_head(row["part"], row["next"])
            pause = _BUSY_POLL if moved else min(pause * 1.5, _IDLE_POLL)

    async def _tidy_at_times(self) -> None:
        while not self._closing:
            await asyncio.sleep(_TIDY_EVERY)
            try:
                with contextlib.suppress(BusUnavailable):
                    await self.tidy()
            except Exception:
                # Housekeeping may fail without anybody's message being late; the next turn may succeed.
                log.exception("housekeeping of the bus failed")


class PostgresProducer:
    """See `shared.bus.port.Producer`. A call of `send` is one statement and so one transaction."""

    def __init__(self, bus: PostgresBus) -> None:
        self._bus = bus

    async def send(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        check_sizes(messages)
        parts: list[int] = []
        for message in messages:
            ids = await self._bus.parts(message.topic)
            parts.append(ids[partition_of(message, len(ids))])
        rows = await self._bus.pool.fetch(
            self._bus.statements.append,
            parts,
            [message.key for message in messages],
            [message.value for message in messages],
            [to_json(dict(message.headers)).decode() for message in messages],
        )
        for row in rows:
            self._bus.saw_head(row["part"], row["next"])

    async def close(self) -> None:
        """Nothing to do: everything sent was durable when `send` returned."""
