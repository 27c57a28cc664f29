"""What the Kafka bus asks of the cluster itself: is it there, which topics exist, make those that are missing."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.bus.kafka.calls import FAILURES, answer, quietly, refusal, unavailable
from shared.bus.port import BusUnavailable, TopicSpec, UnknownTopic

_NO_SUCH_TOPIC = 3
_ALREADY_EXISTS = 36
_DAY_MS = 86_400_000
# Above layout.MAX_BYTES by what Kafka adds to a message, so that what the bus lets through never fails at the broker.
_MAX_MESSAGE = 1_200_000


class KafkaAdmin:
    """One lazily made admin connection, made anew after a failure. `connection`: see `Security.connection`."""

    def __init__(self, connection: Mapping[str, Any], client_id: str) -> None:
        self._connection = connection
        self._client_id = f"{client_id}-admin"
        self._client: Any = None
        self._one_at_a_time = asyncio.Lock()

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await quietly(client.close(), 5)

    async def brokers(self) -> int:
        """How many brokers there are now. Raises BusUnavailable when none answers."""
        cluster = await self.ask("describe_cluster")
        return len(cluster["brokers"])

    async def topics(self) -> dict[str, int]:
        """The topics there are, with their partition counts; 0 where a partition has no leader at present."""
        # All topics, not the wanted ones: asking for a topic by name creates it where brokers are set to do so.
        found = await self.ask("describe_topics")
        return {
            topic["topic"]: len(topic["partitions"]) if _led(topic) else 0
            for topic in found
            if topic["error_code"] != _NO_SUCH_TOPIC
        }

    async def create(self, topics: Sequence[TopicSpec]) -> None:
        """Create the topics that are missing, and return when they can be used."""
        there = await self.topics()
        if missing := [topic for topic in topics if topic.name not in there]:
            copies = min(3, await self.brokers())
            answer = await self.ask("create_topics", [_new_topic(topic, copies) for topic in missing], within=30.0)
            for name, code, *reason in answer.topic_errors:
                if code not in (0, _ALREADY_EXISTS):
                    raise BusUnavailable(f"Kafka does not create {name}: error {code} {reason}")
        for _ in range(100):
            led = {name for name, count in there.items() if count}
            if not (unled := {topic.name for topic in topics} - led):
                return
            await asyncio.sleep(0.1)
            there = await self.topics()
        raise BusUnavailable(f"Kafka finds no leader for {', '.join(sorted(unled))}")

    async def ask(self, method: str, *arguments: Any, within: float = 5.0) -> Any:
        async with self._one_at_a_time:
            try:
                return await answer(self._asked(method, arguments), within)
            except FAILURES as error:
                started = self._client is not None
                await self.close()
                refused = None if started else await refusal(self._connection, within)
                raise (refused or unavailable("Kafka does not answer", error)) from error

    async def _asked(self, method: str, arguments: Sequence[Any]) -> Any:
        if self._client is None:
            client = AIOKafkaAdminClient(**self._connection, client_id=self._client_id, request_timeout_ms=30_000)
            try:
                await client.start()
            except BaseException:
                await client.close()
                raise
            self._client = client
        return await getattr(self._client, method)(*arguments)


class Topics:
    """The partition counts of topics that exist, asked for once."""

    def __init__(self, admin: KafkaAdmin) -> None:
        self._admin = admin
        self._counts: dict[str, int] = {}

    async def partitions(self, topic: str) -> int:
        """The number of partitions of `topic`. Raises UnknownTopic, BusUnavailable."""
        if topic not in self._counts:
            there = await self._admin.topics()
            if topic not in there:
                raise UnknownTopic(topic)
            # Without a leader for a moment, as when its broker has just died: no reason to believe that it is gone.
            self._counts = {name: count for name, count in there.items() if count}
            if topic not in self._counts:
                raise BusUnavailable(f"{topic} has a partition without a leader")
        return self._counts[topic]

    def forget(self) -> None:
        """Ask the cluster again next time: after a failure a topic may be gone."""
        self._counts = {}


def _led(topic: Mapping[str, Any]) -> bool:
    return topic["error_code"] == 0 and all(partition["leader"] >= 0 for partition in topic["partitions"])


def _new_topic(topic: TopicSpec, copies: int) -> NewTopic:
    # The broker's clock stamps messages, so that `Record.at` is when the bus took it, whatever the sender's clock says.
    settings = {
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": _MAX_MESSAGE,
        "min.insync.replicas": max(1, copies - 1),
    }
    if topic.compacted:
        # Only closed segments are compacted. Small ones, closed at least daily, keep a new reader's way short.
        settings |= {
            "cleanup.policy": "compact",
            "segment.bytes": 64 * 1024 * 1024,
            "segment.ms": _DAY_MS,
            "min.cleanable.dirty.ratio": 0.3,
            "delete.retention.ms": _DAY_MS,
        }
    else:
        settings |= {
            "cleanup.policy": "delete",
            "retention.ms": topic.retention_days * _DAY_MS,
            "segment.ms": _DAY_MS,
        }
    return NewTopic(
        topic.name, topic.partitions, copies, topic_configs={name: str(value) for name, value in settings.items()}
    )
