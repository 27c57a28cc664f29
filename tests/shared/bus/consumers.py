"""The probe as a consumer of its own events: what its handlers did is in the table of effects."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from shared.bus.batch import Batch
from shared.bus.consumer import EventConsumer
from shared.bus.port import Record
from shared.bus.postgres.bus import PostgresBus
from shared.bus.subscriptions import Subscriptions
from shared.events import codec
from shared.events.base import Event
from shared.telemetry.metrics import ConsumerMetrics, Metrics
from tests.conftest import NOON as NOW
from tests.shared.db.outbox.relays import relay_of
from tests.shared.probe import THINGS, Probe, ProbeUnitOfWork, ThingMoved, ThingNoted, published

GROUP = "probes"


class Handlers:
    """Writes each event into the table of effects. `trouble` is asked before each call and may raise."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self.calls: list[tuple[str, list[int]]] = []
        self.trouble: Callable[[list[Any]], None] = lambda _: None

    async def moved(self, batch: Batch[ThingMoved], uow: ProbeUnitOfWork) -> None:
        await self._effect("moved", batch, uow)

    async def noted(self, batch: Batch[ThingNoted], uow: ProbeUnitOfWork) -> None:
        await self._effect("noted", batch, uow)

    async def _effect(self, kind: str, batch: Batch[Any], uow: ProbeUnitOfWork) -> None:
        events = list(batch)
        self.calls.append((kind, [event.step for event in events]))
        # The effect first: it must go when trouble comes after it.
        await uow.connection.execute(
            sa.insert(self.probe.effects),
            [{"kind": kind, "thing": event.thing, "step": event.step} for event in events],
        )
        self.trouble(events)


class Consumers:
    """What a test does with consumers of the probe's events."""

    def __init__(self, probe: Probe, bus: PostgresBus) -> None:
        self.probe, self.bus = probe, bus
        self.handlers = Handlers(probe)
        self.metrics = Metrics(CollectorRegistry())
        self.subscriptions = Subscriptions(
            GROUP,
            {ThingMoved: (self.handlers.moved,), ThingNoted: (self.handlers.noted,)},
            {ThingNoted: frozenset({"card"})},
        )

    def consumer(self, member: str = "one", bus: Any = None) -> EventConsumer:
        return EventConsumer(
            bus or self.bus,
            self.subscriptions,
            self.probe.uow,
            member=member,
            metrics=ConsumerMetrics(self.metrics, GROUP),
        )

    @asynccontextmanager
    async def member(self, name: str = "one") -> AsyncIterator[EventConsumer]:
        consumer = self.consumer(name)
        await consumer.join()
        try:
            yield consumer
        finally:
            await consumer.leave()

    async def drain(self) -> int:
        async with self.member() as consumer:
            return await consumer.drain()

    async def send(self, *events: Event) -> None:
        """Through outbox and relay, as a service does."""
        await self.probe.publish(*events)
        await relay_of(self.probe, self.bus).send_batch()

    async def send_raw(
        self, key: str | None, value: bytes | None, headers: str = "{}", *, partition: int = 0, topic: str = THINGS
    ) -> None:
        """Append to one partition what a stranger may write there."""
        part = (await self.bus.parts(topic))[partition]
        await self.bus.pool.fetch(self.bus.statements.append, [part], [key], [value], [headers])

    async def send_raw_event(self, event: Event) -> None:
        """Append to the first partition, so that all events of a test have one order."""
        await self.send_raw(event.key, event.model_dump_json().encode(), json.dumps(headers_of(event)))

    async def effects(self) -> list[tuple[str, UUID, int]]:
        return [(row.kind, row.thing, row.step) for row in await self.probe.rows(self.probe.effects)]

    async def steps(self, thing: UUID) -> list[int]:
        return [step for _, of, step in await self.effects() if of == thing]

    async def letters(self) -> list[Record]:
        await relay_of(self.probe, self.bus).send_batch()
        return await published(self.bus, self.probe.dead_letters)

    def counted(self, name: str) -> float:
        return self.metrics.registry.get_sample_value(f"gridgov_{name}", {"group": GROUP}) or 0


@pytest.fixture
def consumers(probe: Probe, bus: PostgresBus) -> Consumers:
    return Consumers(probe, bus)


@asynccontextmanager
async def running(consumer: EventConsumer) -> AsyncIterator[tuple["asyncio.Task[None]", asyncio.Event]]:
    """The consumer's own loop, stopped at the end of the block."""
    stop = asyncio.Event()
    task = asyncio.create_task(consumer.run(stop))
    try:
        yield task, stop
    finally:
        stop.set()
        await asyncio.wait({task}, timeout=20)
        assert task.done()


def headers_of(event: Event) -> dict[str, str]:
    return codec.headers_of(event, source="probe", at=NOW, trace=None)
