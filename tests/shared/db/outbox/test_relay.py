"""The relay: everything committed reaches the bus, in order per key, sent by one relay at a time."""

import asyncio
import json
import random
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from shared.bus.port import Message
from shared.bus.postgres.bus import PostgresBus
from shared.db.outbox.relay import BATCH
from shared.ids import new_id
from tests.shared.db.outbox.relays import WatchedBus, relay_of
from tests.shared.probe import Probe, Thing, ThingMoved, published, steps_by_thing, told, until

pytestmark = pytest.mark.anyio


async def test_messages_are_sent_as_committed_and_in_the_order_of_their_ids(probe: Probe, bus: PostgresBus) -> None:
    things = [new_id() for _ in range(20)]
    chance, step = random.Random(1), 0
    for _ in range(60):
        events = [ThingMoved(thing=chance.choice(things), step=(step := step + 1), note="路灯") for _ in range(40)]
        await probe.publish(*events)
    stored = {row.key: [] for row in await probe.rows(probe.tables.outbox)}
    for row in await probe.rows(probe.tables.outbox):
        stored[row.key].append((json.loads(row.headers), row.value))
    relay = relay_of(probe, bus)
    assert [await relay.send_batch() for _ in range(4)] == [BATCH, BATCH, 2400 - 2 * BATCH, 0]
    records = await published(bus)
    assert len(records) == 2400
    for key, messages in stored.items():
        assert [(r.headers, r.value) for r in records if r.key == key] == messages
    assert await probe.count(probe.tables.outbox) == 0


async def test_only_what_the_bus_confirmed_is_deleted(probe: Probe, bus: PostgresBus) -> None:
    async def commit_more(_: Sequence[Message]) -> None:
        await probe.publish()

    await probe.publish()
    assert await relay_of(probe, WatchedBus(bus, after=commit_more)).send_batch() == 1
    (left,) = await probe.rows(probe.tables.outbox)
    assert len(await published(bus)) == 1
    assert await relay_of(probe, bus).send_batch() == 1
    assert left.key in steps_by_thing(await published(bus))


async def test_a_row_whose_id_was_given_out_earlier_but_committed_later_is_sent_too(
    probe: Probe, bus: PostgresBus
) -> None:
    """A reader that asks for ids above the last one it saw loses it."""
    relay, slow = relay_of(probe, bus), told(Thing(new_id()))
    async with probe.engine.connect() as connection, connection.begin():
        await connection.execute(
            sa.insert(probe.tables.outbox).values(
                topic=slow.topic,
                key=slow.key,
                headers="{}",
                value=slow.model_dump_json().encode(),
                at=probe.clock.now(),
            )
        )
        await probe.publish()
        (visible,) = await probe.rows(probe.tables.outbox)
        assert visible.id == 2
        assert await relay.send_batch() == 1
        assert slow.key not in steps_by_thing(await published(bus))
    assert await relay.send_batch() == 1
    assert slow.key in steps_by_thing(await published(bus))


async def test_two_relays_by_mistake_never_send_at_the_same_time_and_lose_nothing(
    probe: Probe, bus: PostgresBus
) -> None:
    async def slowly(_: Sequence[Message]) -> None:
        await asyncio.sleep(0.02)

    watched = WatchedBus(bus, before=slowly, after=slowly)
    relays, stop = [relay_of(probe, watched) for _ in range(2)], asyncio.Event()
    running = [asyncio.create_task(relay.run(stop)) for relay in relays]
    things = [new_id() for _ in range(5)]

    async def work(thing: object) -> None:
        for step in range(20):
            await probe.publish(ThingMoved(thing=thing, step=step))
            await asyncio.sleep(0.005)

    async def empty() -> bool:
        return await probe.count(probe.tables.outbox) == 0

    await asyncio.gather(*map(work, things))
    await until(empty)
    stop.set()
    await asyncio.gather(*running)
    assert watched.most == 1
    assert steps_by_thing(await published(bus)) == {str(thing): list(range(20)) for thing in things}


async def test_a_second_relay_sends_nothing_while_the_first_is_at_it_and_takes_over_when_it_dies(
    probe: Probe, bus: PostgresBus
) -> None:
    sending, go_on = asyncio.Event(), asyncio.Event()

    async def hang(_: Sequence[Message]) -> None:
        sending.set()
        await go_on.wait()

    await probe.publish()
    first = asyncio.create_task(relay_of(probe, WatchedBus(bus, before=hang)).send_batch())
    await sending.wait()
    second = relay_of(probe, bus)
    assert await second.send_batch() == 0
    first.cancel()
    await asyncio.wait({first})
    assert await second.send_batch() == 1
    assert len(await published(bus)) == 1


async def test_a_relay_that_lost_its_connection_confirms_nothing(probe: Probe, bus: PostgresBus) -> None:
    """Its lock is gone with the connection: another may send already, so it must not delete a row any more."""

    async def lose(_: Sequence[Message]) -> None:
        await probe.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )

    await probe.publish()
    with pytest.raises(sa.exc.DBAPIError):
        await relay_of(probe, WatchedBus(bus, after=lose)).send_batch()
    assert await probe.count(probe.tables.outbox) == 1
    assert await relay_of(probe, bus).send_batch() == 1
    first, again = await published(bus)
    assert first.headers["ce_id"] == again.headers["ce_id"]


async def test_a_hint_is_enough_to_send_long_before_the_next_look(probe: Probe, bus: PostgresBus) -> None:
    relay, stop = relay_of(probe, bus, idle_poll=300), asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    for count in range(1, 4):
        async with probe.uow(relay.wake) as uow:
            await uow.add(probe.new())

        async def arrived(expected: int = count) -> bool:
            return len(await published(bus)) == expected

        await until(arrived)
    stop.set()
    async with asyncio.timeout(10):  # nor does stopping wait for the next look
        await running


async def test_a_relay_finds_what_was_committed_elsewhere_without_a_hint(probe: Probe, bus: PostgresBus) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(relay_of(probe, bus).run(stop))
    await probe.publish()

    async def empty() -> bool:
        return await probe.count(probe.tables.outbox) == 0

    await until(empty)
    stop.set()
    await running
    assert len(await published(bus)) == 1
