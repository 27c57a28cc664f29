"""The bus port: a durable, partitioned log with consumer groups. Kafka and PostgreSQL both implement all of it.

What must hold on every bus (tests/contracts/test_bus.py runs the same class on both):
- messages of one key lie in one partition, in the order in which they were sent, as do those sent to a partition by number;
- `send` returns once the messages are durable, and not before;
- a message is delivered to a group again until its offset is committed, and positions survive every crash;
- within a group each partition has one reader; a reader that lost a partition cannot commit for it (`Fenced`);
- before a partition is taken away, the batch in hand is finished (committed or released);
- in a compacted topic at least the newest message of each key stays; a message with value None removes the key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as `shared/events/topics.py` declares it. `retention_days` does not apply to compacted topics."""

    name: str
    partitions: int = 12
    compacted: bool = False
    retention_days: int = 7


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `value` None is a tombstone, only for compacted topics. Header names are lower-case ASCII.

    `partition`: where it must lie, whatever its key; None for where its key belongs.
    """

    topic: str
    key: str
    value: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)
    partition: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What is delivered: the message, with its place in the log and the instant (UTC) at which the bus took it.

    `key` may be None and headers may be missing or odd when a stranger wrote to the topic; a reader must expect that.
    """

    topic: str
    partition: int
    offset: int
    key: str | None
    value: bytes | None
    headers: Mapping[str, str]
    at: datetime


class BusUnavailable(Exception):
    """The bus does not answer now. Nothing is known to be sent or committed; try again later."""


class BusRefused(BusUnavailable):
    """The bus does not let us in: it, or we, distrust the other's certificate, user or password. Waiting helps only once
    that was put right. `zh` and `en` say so to whoever runs it."""

    def __init__(self, reason: str) -> None:
        self.zh = f"Kafka 拒绝连接({reason});请检查 GRIDGOV_KAFKA_SECURITY 及证书、用户和密码的设置"
        self.en = (
            f"Kafka refuses us ({reason}): check GRIDGOV_KAFKA_SECURITY and what it needs: certificates, user, password"
        )
        super().__init__(self.en)


class MessageTooLarge(Exception):
    """The bus refuses this message for its size; sending it again will not help. `index` names it within the call, whose
    first `appended` messages are durable."""

    def __init__(self, index: int, appended: int = 0) -> None:
        super().__init__(f"message {index} is too large for the bus")
        self.index = index
        self.appended = appended


class UnknownTopic(Exception):
    """A topic does not exist. Nothing creates topics on the way: `ensure_topics` comes first."""


class Fenced(Exception):
    """This reader no longer owns a partition that it wants to commit. Its work will be delivered to the new owner."""


class Producer(Protocol):
    """Sends for one relay. Not to be shared between tasks."""

    async def send(self, messages: Sequence[Message]) -> None:
        """Append all, in order per key, and return when they are durable.

        May raise BusUnavailable, UnknownTopic, and MessageTooLarge before anything is sent.

        After an error some of the messages may have been appended; sending all again is right: receivers know
        messages by their ids.
        """
        ...

    async def close(self) -> None: ...


class Consumer(Protocol):
    """Reads for one member of a group. After `fetch`, the batch is in hand until `commit` or `release`."""

    async def fetch(self, *, limit: int, wait: float) -> Sequence[Record]:
        """Up to `limit` next records of the partitions this member owns, waiting up to `wait` seconds for the first.

        Records of one partition come in offset order. Returns an empty sequence when nothing came; then nothing is in
        hand. May raise BusUnavailable.
        """
        ...

    async def commit(self) -> None:
        """Mark the batch in hand as done: this group will not see it again. May raise Fenced, BusUnavailable.

        After Fenced nothing is in hand; what was lost comes to the new owner. After BusUnavailable the batch is still
        in hand: commit again, or release it.
        """
        ...

    async def release(self) -> None:
        """Give the batch in hand back undone: the next fetch delivers it again."""
        ...

    async def lag(self) -> Mapping[tuple[str, int], int]:
        """Messages not yet committed, per owned (topic, partition)."""
        ...

    async def close(self) -> None:
        """Release the batch in hand, leave the group at once (others take over without waiting for a timeout)."""
        ...


class Bus(Protocol):
    """One connection to the log, opened and closed by the composition root."""

    @property
    def mark_seconds(self) -> float:
        """How often a partition may be sent a mark (`layout.MARK`), each of which makes those before it superfluous:
        seldom where the bus keeps them all as long as the topic's events."""
        ...

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def ensure_topics(self, topics: Sequence[TopicSpec]) -> None:
        """Create the topics that are missing. Existing ones stay as they are: more partitions would move keys."""
        ...

    async def partitions(self, topic: str) -> int:
        """How many partitions `topic` has. May raise UnknownTopic, BusUnavailable."""
        ...

    async def producer(self, name: str) -> Producer: ...

    async def consumer(self, group: str, topics: Sequence[str], member: str) -> Consumer:
        """Join `group` as `member` (a stable name, unique within the group) and start at the committed offsets,
        or at the beginning where there are none. May raise BusUnavailable, UnknownTopic."""
        ...

    async def ping(self) -> None:
        """Return when the bus answers; raise BusUnavailable otherwise."""
        ...
