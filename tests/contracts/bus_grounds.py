"""Where a contract test of a bus stands: how to open buses there, and the acts that differ from bus to bus."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import ClassVar
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from shared.bus.kafka.bus import KafkaBus
from shared.bus.port import Bus, TopicSpec
from shared.bus.postgres.bus import PostgresBus

FILLER = "filler"
"""Begins the keys of messages that `compact` may have to add."""

Crash = Callable[[], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def started(bus: Bus) -> AsyncIterator[Bus]:
    try:
        await bus.start()
        yield bus
    finally:
        await bus.close()


class Ground(ABC):
    """One server, seen by one test. `crash` kills the server, keeps it down within its block, and starts it again."""

    kind: ClassVar[str]

    def __init__(self, address: str, crash: Crash | None = None) -> None:
        self.address = address
        self._crash = crash
        self.bus: Bus

    @classmethod
    @abstractmethod
    def connect(cls, address: str, *, session: float | None = None, patience: float = 30.0) -> Bus:
        """A bus that is not started yet."""

    @abstractmethod
    def unreachable_bus(self) -> Bus: ...

    @abstractmethod
    async def write_as_stranger(self, topic: str, value: bytes) -> None:
        """Append a message without key and headers to a topic of one partition."""

    @abstractmethod
    async def compact(self, topic: str) -> None:
        """Make the bus compact `topic`, and return when it has. May add messages whose keys begin with FILLER."""

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Ground"]:
        async with self.another_bus() as self.bus:
            yield self

    @asynccontextmanager
    async def another_bus(self, *, session: float | None = None, patience: float = 30.0) -> AsyncIterator[Bus]:
        """A second connection, as another process would have."""
        async with started(self.connect(self.address, session=session, patience=patience)) as bus:
            yield bus

    @asynccontextmanager
    async def server_crashed(self) -> AsyncIterator[None]:
        assert self._crash is not None, "only own_ground may crash its server"
        async with self._crash():
            yield

    async def topic(self, *, partitions: int = 4, compacted: bool = False) -> str:
        name = f"test.{uuid4().hex}"
        await self.bus.ensure_topics([TopicSpec(name, partitions=partitions, compacted=compacted)])
        return name


class PostgresGround(Ground):
    """`address` is a DSN and a schema, separated by a blank."""

    kind = "postgres"

    @classmethod
    def connect(cls, address: str, *, session: float | None = None, patience: float = 30.0) -> Bus:
        dsn, schema = address.split(" ")
        return PostgresBus(dsn, schema=schema, lease=session or 3.0, patience=patience)

    def unreachable_bus(self) -> Bus:
        return PostgresBus("postgresql://nobody@127.0.0.1:1/nothing")

    async def write_as_stranger(self, topic: str, value: bytes) -> None:
        dsn, schema = self.address.split(" ")
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(f"SET search_path = {schema}")
            find = "SELECT p.id FROM partition p JOIN topic t ON t.id = topic WHERE name = $1"
            part = await connection.fetchval(find, topic)
            await connection.fetch("SELECT * FROM append($1, $2, $3, $4)", [part], [None], [value], ["{}"])
        finally:
            await connection.close()

    async def compact(self, topic: str) -> None:
        assert isinstance(self.bus, PostgresBus)
        assert await self.bus.tidy() > 0


class KafkaGround(Ground):
    kind = "kafka"

    @classmethod
    def connect(cls, address: str, *, session: float | None = None, patience: float = 30.0) -> Bus:
        return KafkaBus(address, session=session or 6.0, patience=patience, send_patience=5.0)

    def unreachable_bus(self) -> Bus:
        return KafkaBus("127.0.0.1:1")

    async def write_as_stranger(self, topic: str, value: bytes) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.address)
        await producer.start()
        try:
            await producer.send_and_wait(topic, value)
        finally:
            await producer.stop()

    async def compact(self, topic: str) -> None:
        # Only closed segments are compacted, and a segment closes when something is appended after its time.
        admin = AIOKafkaAdminClient(bootstrap_servers=self.address)
        await admin.start()
        try:
            soon = {"cleanup.policy": "compact", "segment.ms": "100", "min.cleanable.dirty.ratio": "0.001"}
            await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=soon)])
        finally:
            await admin.close()
        producer = AIOKafkaProducer(bootstrap_servers=self.address)
        await producer.start()
        try:
            async with asyncio.timeout(90):
                before = await self._count(topic)
                while await self._count(topic) >= before:
                    for partition in await producer.partitions_for(topic):
                        key = f"{FILLER} {partition}".encode()
                        await producer.send_and_wait(topic, b"", key, partition=partition)
                        before += 1
                    await asyncio.sleep(1)
        finally:
            await producer.stop()

    async def _count(self, topic: str) -> int:
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=self.address, auto_offset_reset="earliest")
        await consumer.start()
        try:
            ends = await consumer.end_offsets(consumer.assignment())
            count = 0
            for tp, end in ends.items():
                while await consumer.position(tp) < end:
                    found = await consumer.getmany(tp, timeout_ms=1000)
                    count += sum(map(len, found.values()))
            return count
        finally:
            await consumer.stop()


GROUNDS: dict[str, type[Ground]] = {"postgres": PostgresGround, "kafka": KafkaGround}
