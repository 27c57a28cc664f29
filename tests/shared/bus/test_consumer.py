"""The consumer: each event takes effect once, in the order of its key, with its offset after it."""

import asyncio
from itertools import count
from typing import Any

import pytest

from shared import failpoints
from shared.bus.consumer import BATCH
from shared.bus.port import BusUnavailable, Consumer
from shared.errors import Invalid
from shared.failpoints import Failed
from shared.ids import new_id
from tests.shared.bus.consumers import Consumers, running
from tests.shared.db.outbox.relays import relay_of
from tests.shared.probe import ThingMoved, ThingNoted, until

pytestmark = pytest.mark.anyio


def steps_of(thing: Any, steps: range) -> list[ThingMoved]:
    """Two kinds of event in turns, three of each."""
    return [(ThingMoved if step // 3 % 2 else ThingNoted)(thing=thing, step=step) for step in steps]


async def test_events_take_effect_in_the_order_of_their_key_and_once(consumers: Consumers) -> None:
    things = [new_id() for _ in range(6)]
    per_thing = [steps_of(thing, range(60)) for thing in things]
    await consumers.send(*(event for turn in zip(*per_thing, strict=True) for event in turn))
    assert await consumers.drain() == 360
    for thing in things:
        assert await consumers.steps(thing) == list(range(60))
    assert await consumers.drain() == 0
    assert consumers.counted("events_handled_total") == 360


async def test_what_need_not_be_remembered_leaves_no_id_behind_and_counts_as_no_event(
    consumers: Consumers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ThingNoted, "remembered", False)
    thing = new_id()
    await consumers.send(*steps_of(thing, range(6)))
    await consumers.drain()
    assert await consumers.steps(thing) == list(range(6))
    assert await consumers.probe.count(consumers.probe.tables.processed_events) == 3
    assert consumers.counted("events_handled_total") == 3


async def test_what_says_that_it_concerns_others_alone_is_passed_over_unread(
    consumers: Consumers, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing, told = new_id(), [frozenset({"list"}), frozenset({"list", "card"}), frozenset()]
    for step, concerns in enumerate(told):
        monkeypatch.setattr(ThingNoted, "concerns", concerns)
        await consumers.send(ThingNoted(thing=thing, step=step), ThingMoved(thing=thing, step=step))
    await consumers.drain()
    assert await consumers.steps(thing) == [0, 1, 1, 2, 2]
    assert await consumers.probe.count(consumers.probe.tables.processed_events) == 5


async def test_a_handler_is_given_many_events_at_once(consumers: Consumers) -> None:
    await consumers.send(*(ThingMoved(thing=new_id(), step=step) for step in range(BATCH)))
    await consumers.drain()
    assert sum(len(steps) for _, steps in consumers.handlers.calls) == BATCH
    assert len(consumers.handlers.calls) < 10


async def test_a_death_between_commit_and_offset_delivers_again_and_changes_nothing(
    consumers: Consumers, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = new_id()
    await consumers.send(*steps_of(thing, range(20)))
    with monkeypatch.context() as armed:
        armed.setattr(failpoints, "_POINTS", failpoints._armed("consumer.before_offset=raise"))
        for _ in range(2):
            with pytest.raises(Failed):
                await consumers.drain()
    assert await consumers.drain() == 20
    assert await consumers.steps(thing) == list(range(20))
    assert (consumers.counted("events_handled_total"), consumers.counted("events_repeated_total")) == (20, 40)


async def test_a_group_whose_offsets_are_lost_reads_all_again_and_changes_nothing(consumers: Consumers) -> None:
    thing = new_id()
    await consumers.send(*steps_of(thing, range(20)))
    await consumers.drain()
    await consumers.bus.pool.fetch(f"DELETE FROM bus_{consumers.probe.name}.progress")
    assert await consumers.drain() == 20
    assert await consumers.steps(thing) == list(range(20))


async def test_one_message_delivered_twice_within_a_batch_counts_once(consumers: Consumers) -> None:
    thing = new_id()
    await consumers.probe.publish(ThingMoved(thing=thing, step=1))
    row = (await consumers.probe.rows(consumers.probe.tables.outbox))[0]
    for _ in range(3):
        await consumers.send_raw(row.key, row.value, row.headers)
    assert await consumers.drain() == 3
    assert await consumers.steps(thing) == [1]


async def test_when_one_of_a_batch_fails_its_neighbours_take_effect_in_their_order(consumers: Consumers) -> None:
    things, bad = [new_id() for _ in range(4)], new_id()

    def refuse(events: list[Any]) -> None:
        if any(event.thing == bad for event in events):
            raise Invalid("no_such_thing", "没有", "none")

    consumers.handlers.trouble = refuse
    turns = [steps_of(thing, range(9)) for thing in (*things[:2], bad, *things[2:])]
    await consumers.send(*(event for turn in zip(*turns, strict=True) for event in turn))
    await consumers.drain()
    for thing in things:
        assert await consumers.steps(thing) == list(range(9))
    assert await consumers.steps(bad) == []
    assert len(await consumers.letters()) == 9
    assert consumers.counted("events_dead_lettered_total") == 9


async def test_one_that_fails_costs_its_neighbours_a_few_transactions_and_not_one_each(consumers: Consumers) -> None:
    things = [new_id() for _ in range(64)]

    def refuse(events: list[Any]) -> None:
        if any(event.thing == things[40] for event in events):
            raise Invalid("no_such_thing", "没有", "none")

    consumers.handlers.trouble = refuse
    await consumers.send(*(ThingMoved(thing=thing, step=1) for thing in things))
    await consumers.drain()
    assert (len(await consumers.effects()), len(await consumers.letters())) == (63, 1)
    assert len(consumers.handlers.calls) <= 3 + 2 * 6


async def test_a_handler_that_fails_twice_and_then_works_leaves_no_letter_and_keeps_the_order(
    consumers: Consumers,
) -> None:
    thing, failures = new_id(), 0

    def stumble(events: list[Any]) -> None:
        nonlocal failures
        if any(event.step == 4 for event in events) and failures < 3:  # together, alone, alone again
            failures += 1
            raise RuntimeError("stumbled")

    consumers.handlers.trouble = stumble
    await consumers.send(*steps_of(thing, range(10)))
    await consumers.drain()
    assert failures == 3
    assert await consumers.steps(thing) == list(range(10))
    assert await consumers.letters() == []


async def test_trouble_that_passes_is_waited_out_in_place_and_buries_nothing(consumers: Consumers) -> None:
    """Each time the server ends the connection in the middle of the handler, more often than an event has attempts."""
    thing, failures = new_id(), 0

    def lose_connection(events: list[Any]) -> None:
        nonlocal failures
        if events[0].step == 0 and failures < 5:
            failures += 1
            raise ConnectionResetError("gone")

    consumers.handlers.trouble = lose_connection
    await consumers.send(*steps_of(thing, range(6)))
    await consumers.drain()
    assert failures == 5
    assert await consumers.steps(thing) == list(range(6))
    assert await consumers.letters() == []


async def test_a_connection_ended_by_the_server_is_waited_out(consumers: Consumers) -> None:
    thing, ended = new_id(), []
    original = consumers.handlers.moved

    async def ended_once(envelopes: Any, uow: Any) -> None:
        if not ended:
            ended.append(1)
            await uow.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        await original(envelopes, uow)

    consumers.subscriptions.reactions[ThingMoved] = (ended_once,)
    await consumers.send(ThingMoved(thing=thing, step=1))
    await consumers.drain()
    assert await consumers.steps(thing) == [1]
    assert await consumers.letters() == []


async def test_a_member_is_ready_once_it_has_read_what_was_there(consumers: Consumers) -> None:
    await consumers.send(*steps_of(new_id(), range(10)))
    consumer = consumers.consumer()
    held = True

    def hold(_: list[Any]) -> None:
        if held:
            raise ConnectionResetError("not yet")

    consumers.handlers.trouble = hold
    async with running(consumer):
        await until(lambda: len(consumers.handlers.calls) > 1)
        with pytest.raises(RuntimeError, match="still reading"):
            await consumer.ready()
        held = False
        await until(lambda: consumer.caught_up)
        await consumer.ready()
        assert len(await consumers.effects()) == 10


async def test_a_member_that_never_has_nothing_left_to_read_gets_ready_too(consumers: Consumers) -> None:
    """A worker started again under load: as fast as it reads, more is published."""
    thing, more = new_id(), count(10)

    class Busy:
        def __init__(self, inner: Consumer) -> None:
            self.inner = inner

        async def fetch(self, *, limit: int, wait: float) -> Any:
            await consumers.send(ThingMoved(thing=thing, step=next(more)))
            return await self.inner.fetch(limit=min(limit, 1), wait=wait)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    class Bus:
        async def consumer(self, *arguments: Any) -> Any:
            return Busy(await consumers.bus.consumer(*arguments))

    await consumers.send(*steps_of(thing, range(10)))
    consumer = consumers.consumer(bus=Bus())
    async with running(consumer):
        await until(lambda: consumer.caught_up)
        await consumer.ready()
    assert len(await consumers.effects()) >= 10


async def test_a_member_that_owns_nothing_yet_has_not_caught_up(consumers: Consumers) -> None:
    """Another holds all partitions, as when a group is being put together; what is published is not read yet."""
    await consumers.send(*steps_of(new_id(), range(10)))
    consumer = consumers.consumer("late")
    await consumer.join()
    consumer._consumer.owned.clear()
    assert await consumer.step(wait=0) == 0
    assert not consumer.caught_up
    await consumer.leave()


async def test_stopping_finishes_the_batch_in_hand(consumers: Consumers) -> None:
    thing = new_id()
    await consumers.send(*steps_of(thing, range(10)))
    at_work, go_on, original = asyncio.Event(), asyncio.Event(), consumers.handlers.noted

    async def slow(envelopes: Any, uow: Any) -> None:
        at_work.set()
        await go_on.wait()
        await original(envelopes, uow)

    consumers.subscriptions.reactions[ThingNoted] = (slow,)
    async with running(consumers.consumer()) as (task, stop):
        await at_work.wait()
        stop.set()
        await asyncio.sleep(0.05)
        assert not task.done()
        go_on.set()
        await task
    assert await consumers.steps(thing) == list(range(10))
    assert await consumers.drain() == 0, "the offset is committed"


@pytest.mark.parametrize("error", [ConnectionResetError("gone"), RuntimeError("closing")], ids=["passing", "other"])
async def test_what_fails_while_stopping_stays_undone_and_goes_to_no_dead_letters(
    consumers: Consumers, error: Exception
) -> None:
    thing = new_id()
    await consumers.send(ThingMoved(thing=thing, step=1))
    async with running(consumers.consumer()) as (task, stop):

        def fail(_: list[Any]) -> None:
            stop.set()
            raise error

        consumers.handlers.trouble = fail
        await task
    assert await consumers.letters() == []
    consumers.handlers.trouble = lambda _: None
    assert await consumers.drain() == 1
    assert await consumers.steps(thing) == [1]


async def test_a_bus_that_goes_away_is_joined_again(consumers: Consumers) -> None:
    class Flaky:
        left = 2

        async def consumer(self, *arguments: Any) -> Any:
            if self.left:
                self.left -= 1
                raise BusUnavailable("away")
            return await consumers.bus.consumer(*arguments)

    thing = new_id()
    await consumers.send(ThingMoved(thing=thing, step=1))
    consumer = consumers.consumer(bus=Flaky())
    async with running(consumer):
        await until(lambda: consumer.caught_up)
    assert await consumers.steps(thing) == [1]


async def test_two_members_share_the_work_and_each_event_takes_effect_once(consumers: Consumers) -> None:
    things = [new_id() for _ in range(12)]
    one, two = consumers.consumer("one"), consumers.consumer("two")
    async with running(one), running(two):
        for step in range(10):
            await consumers.probe.publish(*(ThingMoved(thing=thing, step=step) for thing in things))
            await relay_of(consumers.probe, consumers.bus).send_batch()

        async def all_done() -> bool:
            return len(await consumers.effects()) >= 120

        await until(all_done)
    for thing in things:
        assert await consumers.steps(thing) == list(range(10))


async def test_while_requests_are_refused_it_rests_between_its_batches_and_still_goes_on(
    consumers: Consumers, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing, rests = new_id(), []
    await consumers.send(*steps_of(thing, range(10)))
    consumer = consumers.consumer()

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr(consumer, "_crowded", lambda: True)
    monkeypatch.setattr(consumer, "_pause", rest)
    async with running(consumer):
        await until(lambda: consumer.caught_up)
    assert await consumers.steps(thing) == list(range(10))
    assert rests, "it did not rest"
    assert all(seconds > 0 for seconds in rests)
