"""The processed_events: each event id is new once, also for transactions that take overlapping sets at the same time."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from shared.db.housekeeping import CHUNK, MEASURE_SECONDS, PROCESSED_DAYS, Housekeeping
from shared.db.unit_of_work import Database
from shared.ids import new_id
from shared.telemetry.metrics import Metrics
from tests.shared.probe import Probe

pytestmark = pytest.mark.anyio


async def take(probe: Probe, ids: list[UUID]) -> set[UUID]:
    async with probe.uow() as uow:
        return await uow.take_new(ids)


async def test_an_id_is_new_once(probe: Probe) -> None:
    a, b, c = new_id(), new_id(), new_id()
    assert await take(probe, [b, a, b]) == {a, b}
    assert await take(probe, [a, b, c]) == {c}
    assert await take(probe, []) == set()


async def test_an_id_taken_in_a_transaction_that_failed_is_still_new(probe: Probe) -> None:
    event = new_id()
    with pytest.raises(ValueError, match="no"):
        async with probe.uow() as uow:
            assert await uow.take_new([event]) == {event}
            raise ValueError("no")
    assert await take(probe, [event]) == {event}


async def test_the_second_of_two_transactions_waits_and_then_finds_the_id_taken(probe: Probe) -> None:
    event = new_id()
    async with probe.uow() as uow:
        assert await uow.take_new([event]) == {event}
        second = asyncio.create_task(take(probe, [event]))
        await asyncio.sleep(0.1)
        assert not second.done()
    assert await second == set()


async def test_overlapping_sets_taken_at_once_are_shared_out_without_deadlock(probe: Probe) -> None:
    ids = [new_id() for _ in range(120)]
    for seed in range(5):
        chance = random.Random(seed)
        ids = [new_id() for _ in range(120)]
        taken = await asyncio.gather(*(take(probe, chance.sample(ids, 60)) for _ in range(10)))
        everything = [event for some in taken for event in some]
        assert len(everything) == len(set(everything))


async def test_housekeeping_forgets_what_no_topic_keeps_any_more_and_measures_the_outbox(probe: Probe) -> None:
    metrics = Metrics(CollectorRegistry())
    keeper = Housekeeping(Database(probe.engine, probe.tables, probe.clock), metrics)
    old, recent = new_id(), new_id()
    await take(probe, [old])
    probe.clock.advance(timedelta(days=PROCESSED_DAYS, seconds=1))
    await take(probe, [recent])
    assert await keeper.clean(asyncio.Event()) == 1
    assert [row.event_id for row in await probe.rows(probe.tables.processed_events)] == [recent]

    await probe.publish()
    probe.clock.advance(timedelta(seconds=90))
    await keeper.measure()
    value = metrics.registry.get_sample_value
    assert value("gridgov_outbox_pending", {"service": probe.name}) == 1
    assert value("gridgov_outbox_age_seconds", {"service": probe.name}) == 90


async def test_a_backlog_shrinks_while_ten_thousand_events_a_second_come(probe: Probe) -> None:
    """In one look at least twice what comes between two looks, in transactions that nobody waits for."""
    keeper = Housekeeping(Database(probe.engine, probe.tables, probe.clock), Metrics(CollectorRegistry()))
    coming = int(10_000 * MEASURE_SECONDS)
    await probe.sql(
        "INSERT INTO processed_events SELECT gen_random_uuid(), :old FROM generate_series(1, :rows)",
        old=probe.clock.now() - timedelta(days=PROCESSED_DAYS, seconds=1),
        rows=2 * coming + CHUNK,
    )
    deleted: list[int] = []

    @sa.event.listens_for(probe.engine.sync_engine, "after_cursor_execute")
    def note(_connection: object, cursor: sa.CursorResult[object], statement: str, *_: object) -> None:
        if statement.startswith("DELETE"):
            deleted.append(cursor.rowcount)

    stopped = asyncio.Event()
    stopped.set()
    assert await keeper.clean(stopped) == 0
    assert await keeper.clean(asyncio.Event()) >= 2 * coming
    assert max(deleted) <= CHUNK
    assert await keeper.clean(asyncio.Event()) == CHUNK
    looks = len(deleted)
    assert await keeper.clean(asyncio.Event()) == 0
    assert len(deleted) == looks + 1, "one question where there is nothing to do"
