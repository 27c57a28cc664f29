"""Buses in front of a real one: one that keeps to itself on a shared broker, one that delivers everything three times."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from shared.bus.port import Bus, Consumer, Message, Producer, Record, TopicSpec


class PassingBus:
    """A bus that passes everything on; the others change what they must."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    @property
    def mark_seconds(self) -> float:
        return self._bus.mark_seconds

    async def start(self) -> None:
        await self._bus.start()

    async def close(self) -> None:
        await self._bus.close()

    async def ping(self) -> None:
        await self._bus.ping()

    async def ensure_topics(self, topics: Sequence[TopicSpec]) -> None:
        await self._bus.ensure_topics(topics)

    async def partitions(self, topic: str) -> int:
        return await self._bus.partitions(topic)

    async def producer(self, name: str) -> Producer:
        return await self._bus.producer(name)

    async def consumer(self, group: str, topics: Sequence[str], member: str) -> Consumer:
        return await self._bus.consumer(group, topics, member)


class Apart(PassingBus):
    """`bus` with all topics and groups under a prefix, so that tests that share a broker do not meet."""

    def __init__(self, bus: Bus, prefix: str) -> None:
        super().__init__(bus)
        self._prefix = prefix

    async def ensure_topics(self, topics: Sequence[TopicSpec]) -> None:
        # A few partitions are enough to have several, and Kafka makes them much sooner than dozens.
        await self._bus.ensure_topics(
            [replace(t, name=self._prefix + t.name, partitions=min(t.partitions, 3)) for t in topics]
        )

    async def partitions(self, topic: str) -> int:
        return await self._bus.partitions(self._prefix + topic)

    async def producer(self, name: str) -> Producer:
        return _ApartProducer(await self._bus.producer(name), self._prefix)

    async def consumer(self, group: str, topics: Sequence[str], member: str) -> Consumer:
        named = [self._prefix + topic for topic in topics]
        return _ApartConsumer(await self._bus.consumer(self._prefix + group, named, member), self._prefix)


class _ApartProducer:
    def __init__(self, producer: Producer, prefix: str) -> None:
        self._producer, self._prefix = producer, prefix

    async def send(self, messages: Sequence[Message]) -> None:
        await self._producer.send([replace(message, topic=self._prefix + message.topic) for message in messages])

    async def close(self) -> None:
        await self._producer.close()


class PassingConsumer:
    """A consumer that passes everything on; the others change what they must."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer

    async def fetch(self, *, limit: int, wait: float) -> Sequence[Record]:
        return await self._consumer.fetch(limit=limit, wait=wait)

    async def commit(self) -> None:
        await self._consumer.commit()

    async def release(self) -> None:
        await self._consumer.release()

    async def lag(self) -> Mapping[tuple[str, int], int]:
        return await self._consumer.lag()

    async def close(self) -> None:
        await self._consumer.close()


class _ApartConsumer(PassingConsumer):
    def __init__(self, consumer: Consumer, prefix: str) -> None:
        super().__init__(consumer)
        self._prefix = prefix

    async def fetch(self, *, limit: int, wait: float) -> Sequence[Record]:
        records = await super().fetch(limit=limit, wait=wait)
        return [replace(record, topic=record.topic.removeprefix(self._prefix)) for record in records]

    async def lag(self) -> Mapping[tuple[str, int], int]:
        lag = await super().lag()
        return {(topic.removeprefix(self._prefix), partition): count for (topic, partition), count in lag.items()}


class Thrice(PassingBus):
    """`bus`, whose consumers get every batch three times over, each time with the keys in another order."""

    def __init__(self, bus: Bus, seed: int) -> None:
        super().__init__(bus)
        self._random = Random(seed)

    async def consumer(self, group: str, topics: Sequence[str], member: str) -> Consumer:
        return _ThriceConsumer(await self._bus.consumer(group, topics, member), self._random)


class _ThriceConsumer(PassingConsumer):
    def __init__(self, consumer: Consumer, random: Random) -> None:
        super().__init__(consumer)
        self._random = random

    async def fetch(self, *, limit: int, wait: float) -> Sequence[Record]:
        records = await super().fetch(limit=limit, wait=wait)
        return [record for _ in range(3) for record in shuffled(records, self._random)]


def shuffled(records: Sequence[Record], random: Random) -> list[Record]:
    """The records in a random order that keeps the order within each key of each topic."""
    queues: dict[tuple[str, str | None], list[Record]] = defaultdict(list)
    for record in records:
        queues[record.topic, record.key].append(record)
    order = [key for key, queue in queues.items() for _ in queue]
    random.shuffle(order)
    return [queues[key].pop(0) for key in order]
