"""Reading Kafka from outside (`shared.bus.log.Log`), and putting topics back as a backup holds them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import GroupCoordinatorNotAvailableError, KafkaError

from shared.bus.kafka.admin import KafkaAdmin
from shared.bus.kafka.consumer import record_of, stop_quietly
from shared.bus.kafka.security import PLAINTEXT, Security
from shared.bus.log import Place, Span
from shared.bus.port import BusUnavailable, Record, TopicSpec

_TIMEOUT = 20.0
_QUIET_ROUNDS = 20
"""Fetches of half a second that bring nothing before a partition counts as unreadable."""


class KafkaLog:
    """`bootstrap` and `security` as for KafkaBus."""

    def __init__(self, bootstrap: str, *, security: Security = PLAINTEXT) -> None:
        self._bootstrap = bootstrap
        self._connection = security.connection(bootstrap)
        self._admin = KafkaAdmin(self._connection, "gridgov-operator")

    async def start(self) -> None:
        await self._admin.brokers()

    async def close(self) -> None:
        await self._admin.close()

    async def describe(self) -> str:
        return f"Apache Kafka, {await self._admin.brokers()} broker(s) at {self._bootstrap}"

    async def spans(self, topics: Sequence[str]) -> Mapping[Place, Span]:
        there = await self._admin.topics()
        places = [TopicPartition(topic, n) for topic in topics for n in range(there.get(topic, 0))]
        if not places:
            return {}
        async with self._client() as client:
            firsts, nexts = await client.beginning_offsets(places), await client.end_offsets(places)
        return {Place(tp.topic, tp.partition): Span(firsts[tp], nexts[tp]) for tp in places}

    async def committed(self, group: str) -> Mapping[Place, int]:
        found = await self._ask_coordinator("list_consumer_group_offsets", group)
        return {Place(tp.topic, tp.partition): at.offset for tp, at in found.items() if at.offset >= 0}

    async def records(self, topic: str, spans: Mapping[Place, Span] | None = None) -> AsyncIterator[Record]:
        all_spans = spans if spans is not None else await self.spans([topic])
        wanted = {place: span for place, span in all_spans.items() if place.topic == topic and span.first < span.next}
        if not wanted:
            return
        async with self._client() as client:
            for place, span in sorted(wanted.items()):
                async for record in _partition(client, TopicPartition(*place), span):
                    yield record

    async def members(self, group: str) -> int:
        """How many members a group has now."""
        (answer,) = await self._ask_coordinator("describe_consumer_groups", [group])
        return sum(len(found[5]) for found in answer.groups)

    async def make_empty(self, topics: Sequence[TopicSpec]) -> None:
        """Delete `topics` with all they hold, and create them again, empty."""
        there = await self._admin.topics()
        gone = [topic.name for topic in topics if topic.name in there]
        if gone:
            await self._admin.ask("delete_topics", gone, within=30.0)
        for _ in range(100):
            if not set(gone) & (await self._admin.topics()).keys():
                break
            await asyncio.sleep(0.1)
        await self._admin.create(topics)

    async def move(self, group: str, to: Mapping[Place, int]) -> None:
        """Make `group`, which must have no members now, go on from the offsets `to`."""
        async with self._client(group) as client:
            places = {TopicPartition(*place): offset for place, offset in to.items()}
            client.assign(list(places))
            await client.commit(places)

    async def _ask_coordinator(self, method: str, argument: Any) -> Any:
        """A cluster in which no group was ever asked for makes the place for them first, and refuses meanwhile."""
        for _ in range(10):
            try:
                return await self._admin.ask(method, argument)
            except BusUnavailable as error:
                if not isinstance(error.__cause__, GroupCoordinatorNotAvailableError):
                    raise
            await asyncio.sleep(0.5)
        return await self._admin.ask(method, argument)

    @asynccontextmanager
    async def _client(self, group: str | None = None) -> AsyncIterator[Any]:
        client = AIOKafkaConsumer(
            **self._connection,
            client_id="gridgov-operator",
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            # A new client knows no leader yet: its first question about offsets always waits once for this.
            retry_backoff_ms=10,
        )
        try:
            async with asyncio.timeout(_TIMEOUT):
                await client.start()
            yield client
        except (KafkaError, OSError, TimeoutError) as error:
            raise BusUnavailable(f"Kafka does not answer: {error or type(error).__name__}") from error
        finally:
            await stop_quietly(client)


async def _partition(client: Any, tp: TopicPartition, span: Span) -> AsyncIterator[Record]:
    client.assign([tp])
    client.seek(tp, span.first)
    quiet = 0
    # The position moves over gaps too, so the end is reached even where the last offsets hold nothing.
    while await client.position(tp) < span.next:
        found = (await client.getmany(tp, timeout_ms=500)).get(tp, [])
        quiet = 0 if found else quiet + 1
        if quiet > _QUIET_ROUNDS:
            raise BusUnavailable(f"{tp.topic}/{tp.partition} cannot be read to its end")
        for record in found:
            if record.offset < span.next:
                yield record_of(record)
