"""(b) Events per second through the relay and through a consumer, on both buses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from shared.bus.batch import Batch
from shared.bus.consumer import EventConsumer
from shared.bus.kafka.bus import KafkaBus
from shared.bus.port import Bus, TopicSpec
from shared.bus.postgres.bus import PostgresBus
from shared.bus.subscriptions import Subscriptions
from shared.clock import SystemClock
from shared.db.bulk import insert_rows, parameters
from shared.db.engine import open_engine
from shared.db.outbox.relay import Relay
from shared.db.unit_of_work import Database, UnitOfWork
from shared.events.intake.reports import ReportSubmitted
from shared.events.topics import REPORTS, dead_letters
from shared.ids import new_id
from shared.telemetry.metrics import ConsumerMetrics, Metrics
from tests.bench.ground import Ground
from tests.bench.outcome import Aim, NotRun, Outcome, Say
from tests.bench.thing import Thing, create_tables, tables, things, told

AIM = Aim(least=10_000, goal=20_000)
_GROUP = 500


def run(ground: Ground) -> Outcome:
    count = ground.size(60_000, 6_000)
    outcome = Outcome(
        compares=(
            "relay: outbox rows (a ReportSubmitted each, headers and all) until the bus has confirmed them and they are"
            " deleted; consumer: the same events until inbox row, one row of effect each and offset are committed;"
            " `Relay` and `EventConsumer` as the services run them"
        ),
        on=f"{count:,} events, 12 partitions; PostgreSQL durable; Kafka: one real broker, acks=all; one relay, one member",
    )
    for name, bus_of in (("postgres", _postgres_bus), ("kafka", _kafka_bus)):
        try:
            with asyncio.Runner(loop_factory=_loop) as runner:
                database = ground.database()
                bus = bus_of(ground, database)
                relay, consumer = runner.run(_measure(ground.postgres().url_of(database), bus, count, ground.say))
        except NotRun as missing:
            outcome.notes.append(f"{name}: not run: {missing}")
            continue
        outcome.add(f"relay on {name}", relay, "events/s", AIM)
        outcome.add(f"consumer on {name}", consumer, "events/s", AIM)
    return outcome


def _loop() -> Any:
    import uvloop

    return uvloop.new_event_loop()


def _postgres_bus(ground: Ground, database: str) -> Bus:
    return PostgresBus(ground.postgres().dsn_of(database))


def _kafka_bus(ground: Ground, _database: str) -> Bus:
    return KafkaBus(ground.kafka().bootstrap)


async def _measure(url: str, bus: Bus, count: int, say: Say) -> tuple[float, float]:
    engine, metrics = open_engine(url, service="bench"), Metrics(CollectorRegistry())
    database = Database(engine, tables, SystemClock())
    try:
        async with _open(bus):
            await create_tables(engine)
            say(f"writing {count:,} events")
            for first in range(0, count, _GROUP):
                async with UnitOfWork(database) as work:
                    for _ in range(min(_GROUP, count - first)):
                        work.record("thing", told(Thing(new_id()), work.now))
            relay = Relay(engine, tables, bus, database.clock, metrics=metrics)
            await bus.ping()
            say("relaying")
            begun = perf_counter()
            sent = 0
            while batch := await relay.send_batch():
                sent += batch
            relaying = perf_counter() - begun
            assert sent == count
            say("consuming")
            return count / relaying, count / await _consume(bus, database, metrics, count)
    finally:
        await engine.dispose()


async def _consume(bus: Bus, database: Database, metrics: Metrics, count: int) -> float:
    async def keep(batch: Batch[ReportSubmitted], uow: UnitOfWork) -> None:
        """The cheapest honest effect: a row per event, in one statement."""
        rows = [{"id": event.report_id, "version": event.version} for event in batch]
        await uow.connection.execute(_KEEP, parameters(things, {name: [row[name] for row in rows] for name in _NAMES}))

    consumer = EventConsumer(
        bus,
        Subscriptions("bench", {ReportSubmitted: (keep,)}),
        lambda: UnitOfWork(database),
        member="bench",
        metrics=ConsumerMetrics(metrics, "bench"),
    )
    await consumer.join()
    await consumer.step(wait=20)  # the group is put together, statements are prepared
    taken = await _taken(database)
    begun = perf_counter()
    await consumer.drain()
    seconds = perf_counter() - begun
    await consumer.leave()
    assert await _taken(database) == count
    return seconds * count / (count - taken)


_NAMES = ("id", "version")
_KEEP = insert_rows(things, _NAMES)


async def _taken(database: Database) -> int:
    async with database.engine.connect() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(things)) or 0


@asynccontextmanager
async def _open(bus: Bus) -> AsyncIterator[None]:
    await bus.start()
    try:
        await bus.ensure_topics([TopicSpec(REPORTS), TopicSpec(dead_letters("bench"), partitions=1)])
        yield
    finally:
        await bus.close()
