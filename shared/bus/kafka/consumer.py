"""One member of a consumer group on Kafka, with explicit offsets and dynamic membership.

Not static membership: aiokafka sends no LeaveGroup for a static member, so a clean close would leave its partitions
unread until the session ends, and its heartbeats and commits do not carry the instance id that would fence a double.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import CommitFailedError, ConsumerStoppedError, IllegalStateError, LeaderNotAvailableError

from shared.bus.kafka.calls import FAILURES, answer, quietly, unavailable
from shared.bus.port import BusUnavailable, Fenced, Record

_TIMEOUT = 10.0


class WholeTopics(RoundRobinPartitionAssignor):  # type: ignore[misc]  # aiokafka has no types
    """Shares out all topics of a group, or none: then the member that leads fails, and joins again.

    Just after a crash a broker may not name all topics yet. aiokafka leaves out what it does not know, and the group
    would read nothing of it until somebody asks again, five minutes later, while every member believes that all is well.
    """

    @classmethod
    def assign(cls, cluster: Any, members: Mapping[str, Any]) -> Any:
        topics = {topic for member in members.values() for topic in member.subscription}
        if unknown := sorted(topic for topic in topics if not cluster.partitions_for_topic(topic)):
            raise LeaderNotAvailableError(f"nothing is known of {', '.join(unknown)} yet")
        return super().assign(cluster, members)


@dataclass(slots=True)
class Hand:
    """The batch in hand: its records, and per partition its first offset and the one that follows its last.

    `lost`: the group could wait no longer and gave the partitions away.
    """

    records: Sequence[Record]
    ends: Mapping[TopicPartition, tuple[int, int]]
    lost: bool = False


class KafkaConsumer(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """See `shared.bus.port.Consumer`. `patience`: seconds for which a batch in hand may hold up a rebalance."""

    def __init__(
        self,
        closed: Callable[["KafkaConsumer"], None],
        settings: Mapping[str, Any],
        topics: Sequence[str],
        *,
        patience: float,
    ) -> None:
        self._tell_closed = closed
        self._settings = settings
        self._topics = list(topics)
        self._patience = patience
        self._inner: Any = None
        self._hand: Hand | None = None
        self._empty = asyncio.Event()
        self._empty.set()
        self._settled = asyncio.Event()
        self._closed = False

    async def join(self) -> None:
        """Connect and start to join the group; the first `fetch` waits for the partitions."""
        consumer = AIOKafkaConsumer(**self._settings)
        try:
            await answer(consumer.start(), _TIMEOUT)
            # Afterwards: a start with a subscription waits for the partitions, and so for the batches of all others.
            consumer.subscribe(topics=self._topics, listener=self)
        except BaseException as error:
            await stop_quietly(consumer)
            if isinstance(error, FAILURES):
                raise unavailable("Kafka does not answer", error) from error
            raise
        self._inner = consumer

    async def fetch(self, *, limit: int, wait: float) -> Sequence[Record]:
        if self._hand is not None:
            raise RuntimeError("the batch in hand must be committed or released before the next fetch")
        if self._closed:
            raise BusUnavailable("this consumer is closed")
        deadline = time.monotonic() + wait
        if self._inner is None:
            await self.join()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._settled.wait()
        taking = asyncio.create_task(self._take(limit, max(0.0, deadline - time.monotonic())))
        try:
            # Not the timeout of getmany alone: during a rebalance it waits for the new assignment, however long.
            await asyncio.wait({taking}, timeout=max(0.0, deadline - time.monotonic()) + 0.05)
        finally:
            # Cancelled while it waits it has taken nothing, and what it has taken is already in hand.
            ours = taking.cancel()
            await asyncio.wait({taking}, timeout=_TIMEOUT)
        error = _error_of(taking, cancelled_by_us=ours)
        if error is not None:
            await self._start_over()
            raise unavailable("Kafka does not answer", error) from error
        return self._hand.records if self._hand is not None else ()

    async def commit(self) -> None:
        hand = self._hand
        if hand is None:
            return
        try:
            if hand.lost or self._inner is None:
                raise CommitFailedError
            await answer(self._inner.commit({tp: end for tp, (_, end) in hand.ends.items()}), _TIMEOUT)
        except (CommitFailedError, IllegalStateError, ConsumerStoppedError) as error:
            self._put_down()
            raise Fenced("the group has given the partitions to another member") from error
        except FAILURES as error:
            raise unavailable("Kafka does not take the offsets", error) from error
        self._put_down()

    async def release(self) -> None:
        hand = self._hand
        if hand is None:
            return
        for tp, (first, _) in hand.ends.items():
            # What is no longer assigned starts at the committed offset anyway.
            with contextlib.suppress(IllegalStateError, AttributeError):
                self._inner.seek(tp, first)
        self._put_down()

    async def lag(self) -> Mapping[tuple[str, int], int]:
        consumer = self._inner
        if consumer is None:
            return {}
        try:
            return await answer(_lag(consumer), _TIMEOUT)
        except FAILURES as error:
            raise unavailable("Kafka does not answer", error) from error

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        await self.release()
        await self._start_over()
        self._tell_closed(self)

    async def on_partitions_revoked(self, revoked: Any) -> None:  # noqa: ARG002 - all are revoked
        """Called by aiokafka before it joins anew; the group waits until this returns."""
        self._settled.clear()
        hand = self._hand
        if hand is not None:
            try:
                async with asyncio.timeout(self._patience):
                    await self._empty.wait()
            except TimeoutError:
                # By the time of its commit this member may own the partition again, behind somebody else's work.
                hand.lost = True

    async def on_partitions_assigned(self, assigned: Any) -> None:  # noqa: ARG002 - so are these
        self._settled.set()

    async def _take(self, limit: int, wait: float) -> None:
        # Nothing may be awaited between getmany and the hand: a rebalance in between would not see the batch.
        found = await self._inner.getmany(timeout_ms=int(wait * 1000), max_records=limit)
        if found:
            records = [record_of(record) for batch in found.values() for record in batch]
            ends = {tp: (batch[0].offset, batch[-1].offset + 1) for tp, batch in found.items()}
            self._hand = Hand(records, ends)
            self._empty.clear()

    def _put_down(self) -> None:
        self._hand = None
        self._empty.set()

    async def _start_over(self) -> None:
        """Leave the group; the next fetch joins again."""
        consumer, self._inner = self._inner, None
        self._settled.clear()
        if consumer is not None:
            await stop_quietly(consumer)


def _error_of(taking: "asyncio.Task[None]", *, cancelled_by_us: bool) -> BaseException | None:
    if not taking.done():
        return TimeoutError("a fetch does not end")
    if taking.cancelled():
        return None if cancelled_by_us else ConnectionAbortedError("the client ended its own call")
    return taking.exception()


async def _lag(consumer: Any) -> dict[tuple[str, int], int]:
    places = sorted(consumer.assignment())
    heads = await consumer.end_offsets(places)
    firsts = await consumer.beginning_offsets(places)
    committed = await asyncio.gather(*(consumer.committed(tp) for tp in places))
    return {
        (tp.topic, tp.partition): max(0, heads[tp] - max(offset or 0, firsts[tp]))
        for tp, offset in zip(places, committed, strict=True)
    }


async def stop_quietly(consumer: Any) -> None:
    # When the group cannot be told, the session ends by itself.
    await quietly(consumer.stop(), 3)


def record_of(found: Any) -> Record:
    """A stranger may have written it: bytes that are no UTF-8 are replaced, a header without a value is empty."""
    return Record(
        found.topic,
        found.partition,
        found.offset,
        None if found.key is None else found.key.decode(errors="replace"),
        found.value,
        {name: (value or b"").decode(errors="replace") for name, value in found.headers},
        datetime.fromtimestamp(found.timestamp / 1000, UTC),
    )
