"""No step is taken beyond the instant up to which the owner has told everything, in all partitions of its topic."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from services.supervision.clocks.metrics import WatchMetrics
from services.supervision.clocks.table import clocks
from services.supervision.clocks.watch import ClockWatch
from shared.events.codec import Envelope
from shared.events.dispatch.work_orders import WorkOrdersTold
from shared.ids import new_id
from tests.conftest import NOON
from tests.supervision.conftest import Supervision
from tests.supervision.stories import ACCEPT, Story

pytestmark = pytest.mark.anyio
WARN, DUE, TICK = NOON + ACCEPT * 0.8, NOON + ACCEPT, timedelta(microseconds=1)


async def test_nothing_is_taken_while_the_owner_has_told_nothing(silent: Supervision) -> None:
    await silent.deliver(Story(NOON).last)
    silent.clock.set(DUE)
    assert await silent.take_steps() == 0


async def test_a_step_is_taken_once_all_that_happened_until_its_instant_is_told(silent: Supervision) -> None:
    await silent.deliver(Story(NOON).last)
    silent.clock.set(DUE + ACCEPT)
    await silent.hear(WARN)  # somebody may have acted at that very instant
    assert await silent.take_steps() == 0
    await silent.hear(WARN + TICK)
    assert await silent.take_steps() == 1
    await silent.hear(DUE)
    assert await silent.take_steps() == 0
    await silent.hear(DUE + TICK)
    assert await silent.take_steps() == 1


async def test_what_is_told_ahead_of_our_clock_takes_no_step_early(silent: Supervision) -> None:
    await silent.deliver(Story(NOON).last)
    await silent.hear(DUE + ACCEPT)
    silent.clock.set(WARN - TICK)
    assert await silent.take_steps() == 0


async def test_the_partition_that_was_told_least_decides(silent: Supervision) -> None:
    """Also one that was never heard of, as when another worker of this service reads it."""
    await silent.deliver(Story(NOON).last)
    silent.clock.set(DUE + ACCEPT)
    for partition, steps in ((0, 0), (2, 0), (1, 2)):
        await silent.hear(DUE + TICK, partition, partitions=3)
        assert await silent.take_steps() == steps


async def test_what_was_promised_stays_promised(silent: Supervision) -> None:
    """An older promise again, as after a group is set back to the start of the topic."""
    await silent.deliver(Story(NOON).last)
    silent.clock.set(DUE)
    await silent.hear(WARN + TICK)
    await silent.hear(NOON)
    assert await silent.take_steps() == 1


async def test_a_batch_of_promises_is_its_newest_of_each_partition(silent: Supervision) -> None:
    await silent.deliver(Story(NOON).last)
    silent.clock.set(DUE)
    told = [(0, DUE + TICK), (1, NOON), (0, NOON), (1, WARN + TICK)]
    await silent.deliver(
        *(
            Envelope(new_id(), WorkOrdersTold(partition=partition, partitions=2, own=until, until=until))
            for partition, until in told
        )
    )
    assert await silent.take_steps() == 1


async def test_workers_that_hear_of_different_partitions_do_not_wait_for_each_other(silent: Supervision) -> None:
    await silent.hear(NOON, 0, partitions=3)
    async with silent.uow() as uow:
        told = Envelope(new_id(), WorkOrdersTold(partition=1, partitions=3, own=WARN, until=WARN))
        for handler, given in silent.subscriptions.calls([told]):
            await handler(given, uow)
        async with asyncio.timeout(5):
            await silent.hear(WARN, 2, partitions=3)


async def test_an_owner_that_is_silent_holds_up_no_steps_of_anothers_things(silent: Supervision) -> None:
    await silent.deliver(*(Story(NOON).last for _ in range(5)))
    silent.clock.set(DUE)
    await silent.hear(DUE + TICK)
    async with silent.engine.begin() as connection:
        await connection.execute(
            sa.update(clocks).where(clocks.c.name == "resolve").values(thing="hazard", next_at=NOON)
        )
    registry, stop = CollectorRegistry(), asyncio.Event()
    running = asyncio.create_task(ClockWatch(silent.uow, WatchMetrics(registry)).run(stop))
    async with asyncio.timeout(30):
        while sum((await silent.told()).values()) < 10:
            await asyncio.sleep(0.02)
    stop.set()
    await running
    assert {value["name"] for _, value in await silent.outbox()} == {"accept"}


async def test_the_watch_waits_for_what_is_told_and_measures_the_silence(silent: Supervision) -> None:
    """The worker, the owner's relay or the bus was away; a department accepted in time, and that is still to be read."""
    accepted, missed = Story(NOON), Story(NOON)
    await silent.deliver(accepted.last, missed.last)
    await silent.hear(NOON)
    silent.clock.set(DUE + timedelta(minutes=5))
    registry, stop = CollectorRegistry(), asyncio.Event()
    running = asyncio.create_task(ClockWatch(silent.uow, WatchMetrics(registry)).run(stop))
    async with asyncio.timeout(30):
        while registry.get_sample_value("gridgov_told_age_seconds", {"thing": "work_order"}) != 65 * 60:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        assert await silent.told() == {}
        await silent.deliver(accepted("accept").last)
        await silent.hear(DUE + TICK)
        while len(await silent.told()) < 2:
            await asyncio.sleep(0.02)
    stop.set()
    await running
    assert {value["thing_id"] for _, value in await silent.outbox()} == {str(missed.id)}
