"""How far an owner of limits has told everything, in the topic itself: nothing that happened before comes after it."""

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import ClassVar

import pytest
import sqlalchemy as sa

from services.manifest import SERVICES
from shared.bus.batch import Batch
from shared.bus.kafka.bus import KafkaBus
from shared.bus.port import BusUnavailable, Message, Record
from shared.bus.postgres.bus import PostgresBus
from shared.clock import SystemClock
from shared.db.outbox.heard import note_own
from shared.db.outbox.relay import BATCH, lock_key
from shared.db.outbox.told import told_messages
from shared.db.unit_of_work import Database
from shared.events.codec import Envelope
from shared.events.limits import ToldUntil
from shared.events.topics import TOPICS
from shared.ids import new_id
from tests.conftest import NOON
from tests.shared.db.outbox.relays import WatchedBus, nothing, relay_of
from tests.shared.probe import THINGS, Probe, ProbeUnitOfWork, ThingMoved, published, until

pytestmark = pytest.mark.anyio
SECOND = timedelta(seconds=1)


class ThingsTold(ToldUntil):
    type: ClassVar[str] = "gridgov.probe_things.told.v1"
    topic: ClassVar[str] = THINGS
    thing: ClassVar[str] = "thing"
    moved_with: ClassVar[str | None] = "other"


class OthersTold(ToldUntil):
    """Of another owner, whose things the probe's follow."""

    type: ClassVar[str] = "gridgov.probe_others.told.v1"
    topic: ClassVar[str] = THINGS
    thing: ClassVar[str] = "other"


@pytest.fixture
def owner(probe: Probe) -> Probe:
    """The probe as a service that owns limits."""
    probe.tables = replace(probe.tables, tells=(ThingsTold,))
    return probe


async def told(bus: PostgresBus) -> list[datetime]:
    """The newest promise of each partition that has one, in the order of the partitions."""
    newest = {record.partition: marked(record) for record in await published(bus) if is_mark(record)}
    return [instant for _, instant in sorted(newest.items()) if instant]


def is_mark(record: Record) -> bool:
    return record.headers["ce_type"] == ThingsTold.type


def marked(record: Record) -> datetime:
    return ThingsTold.model_validate_json(record.value or b"").until


async def test_every_partition_is_told_behind_what_was_sent(owner: Probe, bus: PostgresBus) -> None:
    await owner.publish(*(ThingMoved(thing=new_id(), step=step) for step in range(30)))
    assert await relay_of(owner, bus).send_batch(tell=True) == 30
    records = await published(bus)
    for partition in range(3):
        *events, mark = [record for record in records if record.partition == partition]
        assert events
        assert not any(map(is_mark, events))
        assert json.loads(mark.value or b"") == {
            "partition": partition,
            "partitions": 3,
            "own": NOON.isoformat().replace("+00:00", "Z"),
            "until": NOON.isoformat().replace("+00:00", "Z"),
        }


async def test_a_service_without_limits_tells_nothing(probe: Probe, bus: PostgresBus) -> None:
    await relay_of(probe, bus).send_batch(tell=True)
    assert await published(bus) == []


async def test_what_follows_another_owners_things_is_told_no_further_than_that_owner_was_heard(
    owner: Probe, bus: PostgresBus
) -> None:
    """And applied: of each partition, also of one that was never heard of."""
    relay = relay_of(owner, bus)
    await relay.send_batch(tell=True)
    assert await told(bus) == [NOON] * 3, "of who was never heard nothing was followed"
    owner.clock.advance(10 * SECOND)
    for partition, least in ((0, datetime.fromtimestamp(0, UTC)), (1, NOON + SECOND)):
        mark = OthersTold(partition=partition, partitions=2, own=NOON + SECOND, until=NOON)
        async with owner.uow() as uow:
            await note_own(Batch([Envelope(new_id(), mark)]), uow)
        await relay.send_batch(tell=True)
        assert await told(bus) == [least] * 3


async def test_a_transaction_that_is_open_is_waited_for(owner: Probe, bus: PostgresBus) -> None:
    relay = relay_of(owner, bus)
    async with owner.uow() as uow:
        await uow.add(owner.new())
        owner.clock.advance(10 * SECOND)
        await owner.publish()  # another begins and ends meanwhile
        assert await relay.send_batch(tell=True) == 1
        assert await told(bus) == [NOON] * 3
    assert await relay.send_batch(tell=True) == 1
    assert await told(bus) == [NOON + 10 * SECOND] * 3


async def test_a_transaction_that_was_rolled_back_or_killed_holds_up_nobody(owner: Probe, bus: PostgresBus) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        async with owner.uow() as uow:
            await uow.connection.execute(sa.select(sa.func.pg_terminate_backend(sa.func.pg_backend_pid())))
    with pytest.raises(RuntimeError):
        async with owner.uow():
            raise RuntimeError
    owner.clock.advance(SECOND)
    await relay_of(owner, bus).send_batch(tell=True)
    assert await told(bus) == [NOON + SECOND] * 3


async def test_a_transaction_of_another_service_in_the_database_is_not_waited_for(
    owner: Probe, bus: PostgresBus
) -> None:
    other = Probe(owner.engine, owner.clock)
    other.tables = replace(other.tables, tells=(ThingsTold,))
    async with other.uow():
        owner.clock.advance(SECOND)
        await relay_of(owner, bus).send_batch(tell=True)
    assert await told(bus) == [NOON + SECOND] * 3


async def test_nothing_is_promised_while_the_bus_takes_nothing(owner: Probe, bus: PostgresBus) -> None:
    async def away(_: Sequence[Message]) -> None:
        raise BusUnavailable("away")

    await owner.publish()
    with pytest.raises(BusUnavailable):
        await relay_of(owner, WatchedBus(bus, before=away)).send_batch(tell=True)
    assert await published(bus) == []


async def test_nothing_is_promised_while_more_waits_than_one_batch(owner: Probe, bus: PostgresBus) -> None:
    await owner.publish(*(ThingMoved(thing=new_id(), step=step) for step in range(BATCH + 1)))
    relay = relay_of(owner, bus)
    assert await relay.send_batch(tell=True) == BATCH
    assert await told(bus) == []
    assert await relay.send_batch(tell=True) == 1
    assert await told(bus) == [NOON] * 3


async def test_only_the_relay_at_work_promises(owner: Probe, bus: PostgresBus) -> None:
    async with owner.engine.connect() as connection, connection.begin():
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_key(owner.name))))
        assert await relay_of(owner, bus).send_batch(tell=True) == 0
    assert await published(bus) == []


async def test_a_relay_tells_by_itself_as_often_as_its_bus_takes_marks(owner: Probe, bus: PostgresBus) -> None:
    sent: list[float] = []

    async def note(messages: Sequence[Message]) -> None:
        sent.append(asyncio.get_running_loop().time())
        assert {message.key for message in messages} == {"told"}

    stop = asyncio.Event()
    running = asyncio.create_task(relay_of(owner, WatchedBus(bus, nothing, note)).run(stop))
    await until(lambda: len(sent) == 3)
    stop.set()
    await running
    assert 1.8 < sent[2] - sent[0] < 4


async def test_marks_stay_small_where_kafka_keeps_them_as_long_as_the_events(owner: Probe, bus: PostgresBus) -> None:
    """A mark is a batch of its own there: its head, names and lengths of the record are less than 120 bytes."""
    sizes = [
        120 + len(message.value or b"") + sum(len(name) + len(text) for name, text in message.headers.items())
        for message in await told_messages(owner.tables, bus, NOON, {})
    ]
    for service in SERVICES:
        for kind in import_module(f"services.{service}.schema").tables.tells:
            topic = next(topic for topic in TOPICS if topic.name == kind.topic)
            times = topic.retention_days * 86_400 / KafkaBus.mark_seconds
            assert not topic.compacted
            assert max(sizes) * topic.partitions * times < 0.5e9


class Wrong(SystemClock):
    """The clock of a machine that is so many seconds off."""

    def __init__(self, off: float) -> None:
        self._off = timedelta(seconds=off)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._off


async def test_nothing_that_happened_before_a_promise_comes_after_it(owner: Probe, bus: PostgresBus) -> None:
    """Writers that take their time between their instant and their commit, on machines whose clocks are wrong."""
    chance = random.Random(7)

    def at(clock: SystemClock) -> Callable[[], ProbeUnitOfWork]:
        return lambda: ProbeUnitOfWork(Database(owner.engine, owner.tables, clock), owner.things)

    async def write(uow: Callable[[], ProbeUnitOfWork]) -> None:
        for _ in range(25):
            async with uow() as work:
                await asyncio.sleep(chance.random() / 50)
                change = owner.new()
                await work.add(replace(change, at=work.now))
                await asyncio.sleep(chance.random() / 50)

    done = asyncio.Event()

    async def tell() -> None:
        owner.clock = SystemClock()
        relay = relay_of(owner, bus)
        while not done.is_set():
            await relay.send_batch(tell=True)
        await relay.send_batch(tell=True)

    telling = asyncio.create_task(tell())
    await asyncio.gather(*(write(at(clock)) for clock in (SystemClock(), Wrong(-5), Wrong(3)) for _ in range(3)))
    done.set()
    await telling
    records = await published(bus)
    assert len([record for record in records if not is_mark(record)]) == 225
    promised: dict[int, datetime] = {}
    marks = 0
    for record in records:
        if is_mark(record):
            promised[record.partition] = max(marked(record), promised.get(record.partition, marked(record)))
            marks += 1
        elif record.partition in promised:
            assert datetime.fromisoformat(record.headers["ce_time"]) >= promised[record.partition]
    assert marks > 30
