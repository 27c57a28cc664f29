"""The relay in trouble: deaths between the bus's answer and its own commit, a bus that is away, messages too large."""

import asyncio
from collections.abc import Sequence

import pytest
from prometheus_client import CollectorRegistry

from shared import failpoints
from shared.bus.layout import MAX_BYTES
from shared.bus.port import BusUnavailable, Message, MessageTooLarge, Record
from shared.bus.postgres.bus import PostgresBus
from shared.failpoints import Failed
from shared.ids import new_id
from shared.telemetry.metrics import Metrics
from tests.shared.db.outbox.relays import WatchedBus, relay_of
from tests.shared.probe import THINGS, Probe, Thing, ThingMoved, published, steps_by_thing, told, until

pytestmark = pytest.mark.anyio


async def test_a_death_between_the_answer_and_the_commit_sends_again_with_the_same_ids(
    probe: Probe, bus: PostgresBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = new_id()
    await probe.publish(*(ThingMoved(thing=thing, step=step) for step in range(5)))
    with monkeypatch.context() as armed:
        armed.setattr(failpoints, "_POINTS", failpoints._armed("relay.after_ack=raise"))
        with pytest.raises(Failed):
            await relay_of(probe, bus).send_batch()
    assert await probe.count(probe.tables.outbox) == 5
    assert await relay_of(probe, bus).send_batch() == 5
    records = await published(bus)
    ids = [record.headers["ce_id"] for record in records]
    assert ids[:5] == ids[5:]
    assert steps_by_thing(records) == {str(thing): [0, 1, 2, 3, 4] * 2}
    assert await probe.count(probe.tables.outbox) == 0


async def test_a_bus_that_is_away_is_waited_for(probe: Probe, bus: PostgresBus) -> None:
    failures = 0

    async def away(_: Sequence[Message]) -> None:
        nonlocal failures
        if failures < 3:
            failures += 1
            raise BusUnavailable("away")

    metrics, stop = Metrics(CollectorRegistry()), asyncio.Event()
    await probe.publish()
    watched = WatchedBus(bus, before=away)
    running = asyncio.create_task(relay_of(probe, watched, metrics=metrics).run(stop))

    async def empty() -> bool:
        return await probe.count(probe.tables.outbox) == 0

    await until(empty)
    stop.set()
    await running
    assert len(await published(bus)) == 1
    value = metrics.registry.get_sample_value
    assert value("gridgov_outbox_failures_total", {"service": probe.name}) == 3
    assert value("gridgov_outbox_sent_total", {"service": probe.name}) == 1
    assert watched.closed == 1, "the producer is closed at the end"


@pytest.mark.parametrize("error", [RuntimeError("a mistake"), BusUnavailable("away")], ids=["a mistake", "away"])
async def test_no_failure_ends_the_relay_and_stopping_ends_its_wait(
    probe: Probe, bus: PostgresBus, error: Exception
) -> None:
    tried = asyncio.Event()

    async def fail(_: Sequence[Message]) -> None:
        tried.set()
        raise error

    await probe.publish()
    stop = asyncio.Event()
    running = asyncio.create_task(relay_of(probe, WatchedBus(bus, before=fail), idle_poll=300).run(stop))
    await tried.wait()
    assert not running.done()
    stop.set()
    async with asyncio.timeout(10):
        await running
    assert await probe.count(probe.tables.outbox) == 1


async def test_a_database_that_ends_the_connection_is_waited_for(probe: Probe, bus: PostgresBus) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(relay_of(probe, bus).run(stop))
    await asyncio.sleep(0.05)
    await probe.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gridgov-probe'"
        " AND pid <> pg_backend_pid() AND datname = current_database()"
    )

    async def sent() -> bool:
        try:
            await probe.publish()
        except Exception:
            return False
        return True

    await until(sent)

    async def arrived() -> bool:
        return len(await published(bus)) >= 1

    await until(arrived)
    stop.set()
    await running


async def test_a_message_too_large_becomes_a_dead_letter_and_its_neighbours_go_on(
    probe: Probe, bus: PostgresBus
) -> None:
    thing = Thing(new_id())
    small = [ThingMoved(thing=thing.id, step=step) for step in (1, 3)]
    big = [ThingMoved(thing=thing.id, step=2, note="长" * MAX_BYTES), told(Thing(new_id(), 7, "x" * MAX_BYTES))]
    await probe.publish(small[0], *big, small[1])
    registry = CollectorRegistry()
    assert await relay_of(probe, bus, metrics=Metrics(registry)).send_batch() == 4
    assert registry.get_sample_value("gridgov_events_dead_lettered_total", {"group": probe.tables.service}) == 2
    assert steps_by_thing(await published(bus)) == {str(thing.id): [1, 3]}
    letters = await published(bus, probe.dead_letters)
    assert [letter.key for letter in letters] == [event.key for event in big]
    for letter in letters:
        assert not letter.value
        assert letter.headers["ce_type"] == ThingMoved.type
        assert (letter.headers["dead_topic"], letter.headers["dead_reason"]) == (THINGS, "too large for the bus")
        assert letter.headers["dead_value"] == "dropped"
    assert await probe.count(probe.tables.outbox) == 0


async def test_a_message_that_only_its_topic_finds_too_large_can_be_sent_again_from_the_dead_letters(
    probe: Probe, bus: PostgresBus
) -> None:
    things = [Thing(new_id()), Thing(new_id())]
    events = [ThingMoved(thing=thing.id, step=1) for thing in things]

    async def refuse_the_first(messages: Sequence[Message]) -> None:
        for i, message in enumerate(messages):
            if (message.topic, message.key) == (THINGS, events[0].key):
                raise MessageTooLarge(i)

    await probe.publish(*events)
    assert await relay_of(probe, WatchedBus(bus, refuse_the_first)).send_batch() == 2
    assert steps_by_thing(await published(bus)) == {events[1].key: [1]}
    (letter,) = await published(bus, probe.dead_letters)
    assert letter.value == events[0].model_dump_json().encode()
    assert (letter.key, letter.headers["dead_topic"]) == (events[0].key, THINGS)
    assert "dead_value" not in letter.headers


async def test_a_bus_that_finds_everything_too_large_is_waited_for(probe: Probe, bus: PostgresBus) -> None:
    async def refuse(_: Sequence[Message]) -> None:
        raise MessageTooLarge(0)

    await probe.publish(ThingMoved(thing=new_id(), step=1))
    async with asyncio.timeout(20):
        with pytest.raises(BusUnavailable):
            await relay_of(probe, WatchedBus(bus, refuse)).send_batch()
    assert await probe.count(probe.tables.outbox) == 1


@pytest.mark.parametrize(
    ("key", "value", "headers"),
    [
        ("k", b"x" * (MAX_BYTES - 100), {"ce_id": "1"}),
        ("k", b"", {"ce_id": "1", "x": "y" * (MAX_BYTES - 100)}),
        ("k", b"x", {"ce_id": "1", "ce_huge": "y" * (MAX_BYTES - 100)}),
        ("k" * (MAX_BYTES - 100), b"x", {}),
        ("k", None, {f"ce_{n}": "y" * 100 for n in range(9_000)}),
    ],
    ids=["value", "a header of a stranger", "a header of ours", "key", "many headers"],
)
async def test_a_dead_letter_that_is_itself_too_large_keeps_its_origin_and_does_not_hold_up_the_relay(
    probe: Probe, bus: PostgresBus, key: str, value: bytes | None, headers: dict[str, str]
) -> None:
    """The bus let the stranger's record in; with the marks of a dead letter it is over the limit."""
    record = Record("strange.topic", 2, 41, key, value, headers, probe.clock.now())
    async with probe.uow() as uow:
        uow.dead_letter(record, group="g", reason="no ce_type header")
    await probe.publish()
    async with asyncio.timeout(20):
        assert await relay_of(probe, bus).send_batch() == 2
    (letter,) = await published(bus, probe.dead_letters)
    found = letter.headers
    assert (found["dead_topic"], found["dead_partition"], found["dead_offset"]) == ("strange.topic", "2", "41")
    assert (found["dead_group"], found["dead_reason"]) == ("g", "no ce_type header")
    assert len(await published(bus)) == 1
