"""Sending to Kafka: idempotent, acknowledged by all replicas in sync, and never waiting without end.

aiokafka's idempotent producer retries for ever and keeps a sequence per partition that one refused batch breaks. So
after any failure or a timeout the producer is dropped, pending batches with it, and the next send makes a new one.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError

from shared.bus.kafka_admin import Topics
from shared.bus.kafka_calls import FAILURES, answer, quietly, unavailable
from shared.bus.layout import MAX_BYTES, check_sizes, partition_for
from shared.bus.port import BusUnavailable, Message, MessageTooLarge

_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)


class KafkaProducer:
    """See `shared.bus.port.Producer`. `patience`: seconds after which a send counts as failed."""

    def __init__(
        self,
        topics: Topics,
        closed: Callable[["KafkaProducer"], None],
        bootstrap: str,
        client_id: str,
        *,
        patience: float,
    ) -> None:
        self._topics = topics
        self._tell_closed = closed
        self._bootstrap = bootstrap
        self._client_id = client_id
        self._patience = patience
        self._inner: Any = None

    async def send(self, messages: Sequence[Message]) -> None:
        check_sizes(messages)
        counts = {topic: await self._topics.partitions(topic) for topic in {message.topic for message in messages}}
        sent: list[asyncio.Future[Any]] = []
        try:
            await answer(self._send(messages, counts, sent), self._patience)
        except FAILURES as error:
            await self._drop(sent)
            raise unavailable("Kafka does not take messages", error) from error
        failures = {i: failure for i, future in enumerate(sent) if (failure := _failure(future)) is not None}
        if failures:
            await self._drop(sent)
            large = [i for i, failure in failures.items() if isinstance(failure, _TOO_LARGE)]
            if large:
                raise MessageTooLarge(max(large, key=lambda i: len(messages[i].value or b"")))
            first = next(iter(failures.values()))
            raise BusUnavailable(f"Kafka refuses for now: {first}") from first

    async def _send(
        self, messages: Sequence[Message], counts: Mapping[str, int], sent: "list[asyncio.Future[Any]]"
    ) -> None:
        """Queue all, noting in `sent` what is, and wait for the broker's word on each."""
        producer = await self._ready()
        for message in messages:
            key = message.key.encode()
            headers = [(name, text.encode()) for name, text in message.headers.items()]
            partition = partition_for(message.key, counts[message.topic])
            sent.append(await producer.send(message.topic, message.value, key, partition=partition, headers=headers))
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
                bootstrap_servers=self._bootstrap,
                client_id=self._client_id,
                enable_idempotence=True,
                acks="all",
                compression_type="lz4",
                # Messages of one call are queued before the sender runs, so they share batches without lingering.
                linger_ms=0,
                max_batch_size=256 * 1024,
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


async def _stop(producer: Any) -> None:
    # A producer that cannot flush must not keep its owner from closing; unsent messages are still in the outbox.
    await quietly(producer.stop(), 5)


def _failure(future: "asyncio.Future[Any]") -> BaseException | None:
    return ConnectionAbortedError("the producer was closed") if future.cancelled() else future.exception()
