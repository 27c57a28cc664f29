"""The bus of an api: none. What it commits waits in the outbox, and the worker's relay carries it out."""

from collections.abc import Sequence
from typing import NoReturn

from shared.bus.port import BusUnavailable, Consumer, Producer, TopicSpec


class ApiBus:
    """See `shared.bus.port.Bus`. An api is whole without Kafka: reports are taken also while it is away."""

    mark_seconds = float("inf")

    async def start(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def ping(self) -> None:
        """Nothing is missing."""

    async def ensure_topics(self, topics: Sequence[TopicSpec]) -> None:
        self._none(len(topics))

    async def partitions(self, topic: str) -> int:
        self._none(topic)

    async def producer(self, name: str) -> Producer:
        self._none(name)

    async def consumer(self, group: str, topics: Sequence[str], member: str) -> Consumer:
        self._none(group, topics, member)

    def _none(self, *_: object) -> NoReturn:
        raise BusUnavailable("an api has no bus")
