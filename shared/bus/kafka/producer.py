"""Sending to Kafka: idempotent, acknowledged by all replicas in sync, and never waiting without end.

aiokafka's idempotent producer retries for ever and keeps a sequence per partition that one refused batch breaks. So
after any failure or a timeout the producer is dropped, pending batches with it, and the next send makes a new one. Nor is a
batch ever queued behind another of its partition: a broker that knows nothing of a producer takes its second batch
although it has refused the first, and so the newer messages before the older.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError

from shared.bus.kafka.admin import Topics
from shared.bus.kafka.calls import FAILURES, answer, quietly, unavailable
from shared.bus.layout import MAX_BYTES, check_sizes, partition_of
from shared.bus.port import BusUnavailable, Message, MessageTooLarge

_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
_BATCH = 256 * 1024
_BATCH_HEADER = 100
_RECORD_HEADER = 50
_HEADER_LENGTHS = 10
"""What Kafka's format adds to a batch, a record and each header of one, at the most."""


class KafkaProducer:
    """See `shared.bus.port.Producer`. `connection`: see `Security.connection`. `patience`: seconds after which a
    send counts as failed."""

    def __init__(
        self,
        topics: Topics,
        closed: Callable[["KafkaProducer"], None],
        connection: Mapping[str, Any],
        client_id: str,
        *,
        patience: float,
    ) -> None:
        self._topics = topics
        self._tell_closed = closed
        self._connection = connection
        self._client_id = client_id
        self._patience = patience
        self._inner: Any = None

    async def send(self, messages: Sequence[Message]) -> None:
        check_sizes(messages)
        counts = {topic: await self._topics.partitions(topic) for topic in {message.topic for message in messages}}
        records = [_record(message, counts[message.topic]) for message in messages]
        try:
            await self._send_all(records, _BATCH)
        except MessageTooLarge as refused:
            # A broker refuses whole batches: which message is meant shows once each has a batch of its own.
            await self._send_all(records, 0, refused.appended)

    async def _send_all(self, records: Sequence["_Record"], limit: int, begin: int = 0) -> None:
        for part in _parts(records, limit, begin):
            sent: list[asyncio.Future[Any]] = []
            try:
                await answer(self._send(records[part.start : part.stop], sent), self._patience)
            except FAILURES as error:
                await self._drop(sent)
                raise unavailable("Kafka does not take messages", error) from error
            except asyncio.CancelledError:
                # The caller gives up its lock now: what is still queued must not leave after another's newer messages.
                await self._drop(sent)
                raise
            failures = {i: failure for i, future in zip(part, sent, strict=True) if (failure := _failure(future))}
            if failures:
                await self._drop(sent)
                first = min(failures)
                for i, failure in failures.items():
                    if isinstance(failure, _TOO_LARGE):
                        raise MessageTooLarge(i, first)
                raise BusUnavailable(f"Kafka refuses for now: {failures[first]}") from failures[first]

    async def _send(self, records: Sequence["_Record"], sent: "list[asyncio.Future[Any]]") -> None:
        """Queue all, noting in `sent` what is, and wait for the broker's word on each."""
        producer = await self._ready()
        for topic in {record.topic for record in records}:
            await producer.partitions_for(topic)  # so that nothing is waited for, and nothing leaves, between two sends
        for record in records:
            sent.append(
                await producer.send(
                    record.topic, record.value, record.key, partition=record.partition, headers=record.headers
                )
            )
        if sent:
            await asyncio.wait(sent)

    async def close(self) -> None:
        self._tell_closed(self)
        producer, self._inner = self._inner, None
        if producer is not None:
            await _stop(producer)

    async def _ready(self) -> Any:
        if self._inner is None:
            producer = AIOKafkaProducer(
                **self._connection,
                client_id=self._client_id,
                enable_idempotence=True,
                acks="all",
                compression_type="lz4",
                # Messages of one call are queued before the sender runs, so they share batches without lingering.
                linger_ms=0,
                max_batch_size=_BATCH + _BATCH_HEADER,
                max_request_size=MAX_BYTES + 100_000,
                request_timeout_ms=10_000,
            )
            try:
                await producer.start()
            except BaseException:
                await _stop(producer)
                raise
            self._inner = producer
        return self._inner

    async def _drop(self, sent: Sequence["asyncio.Future[Any]"]) -> None:
        """Forget the producer and what it still holds: left alive, it would send old messages after newer ones."""
        self._topics.forget()
        producer, self._inner = self._inner, None
        if producer is not None:
            task = producer._sender.sender_task  # noqa: SLF001 - nothing public stops sending without flushing first
            if task is not None:
                task.cancel()
            await quietly(producer.client.close(), 2)
            await _stop(producer)
        for future in sent:
            if not future.done():
                future.cancel()
            elif not future.cancelled():
                future.exception()


class _Record(NamedTuple):
    """A message as Kafka gets it. `size`: what it takes in a batch, at the most."""

    topic: str
    partition: int
    key: bytes
    value: bytes | None
    headers: list[tuple[str, bytes]]
    size: int


def _record(message: Message, partitions: int) -> _Record:
    key = message.key.encode()
    headers = [(name, text.encode()) for name, text in message.headers.items()]
    size = _RECORD_HEADER + len(key) + len(message.value or b"")
    size += sum(_HEADER_LENGTHS + len(name) + len(text) for name, text in headers)  # names are ASCII
    return _Record(message.topic, partition_of(message, partitions), key, message.value, headers, size)


def _parts(records: Sequence[_Record], limit: int, begin: int) -> Iterator[range]:
    """Runs of records from `begin` on, by their indices, that hold for each partition one record, or more that take up
    to `limit`."""
    begun, sizes = begin, dict[tuple[str, int], int]()
    for i in range(begin, len(records)):
        record = records[i]
        place = record.topic, record.partition
        if place in sizes and sizes[place] + record.size > limit:
            yield range(begun, i)
            begun, sizes = i, {}
        sizes[place] = sizes.get(place, 0) + record.size
    if begun < len(records):
        yield range(begun, len(records))


async def _stop(producer: Any) -> None:
    # A producer that cannot flush must not keep its owner from closing; unsent messages are still in the outbox.
    await quietly(producer.stop(), 3)


def _failure(future: "asyncio.Future[Any]") -> BaseException | None:
    return ConnectionAbortedError("the producer was closed") if future.cancelled() else future.exception()
