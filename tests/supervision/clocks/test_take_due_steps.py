"""Each step exactly once, oldest first, however many workers race and whenever they die."""

import asyncio
from datetime import timedelta
from itertools import groupby

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from sqlalchemy.exc import DBAPIError

from gridgov.local.postgres import BlockingPostgres
from services.supervision.clocks import take_due_steps as module
from services.supervision.clocks.follow_limits import follow_limits
from services.supervision.clocks.metrics import WatchMetrics
from services.supervision.clocks.table import clocks
from services.supervision.clocks.take_due_steps import take_due_steps
from services.supervision.clocks.watch import MOST_SET_ASIDE, ClockWatch
from shared import failpoints
from shared.bus.batch import Batch
from shared.db.engine import open_engine
from shared.telemetry.context import continued
from tests.conftest import NOON
from tests.supervision.conftest import Supervision
from tests.supervision.stories import ACCEPT, RESOLVE, Story, life

pytestmark = pytest.mark.anyio

WARNED, REMINDED = "gridgov.clock.warned.v1", "gridgov.clock.reminded.v1"
TICK = timedelta(microseconds=1)


async def test_a_step_is_taken_at_its_instant_and_not_before(supervision: Supervision) -> None:
    await supervision.deliver(Story(NOON).last)
    for instant, expected in (
        (NOON + ACCEPT * 0.8 - TICK, 0),
        (NOON + ACCEPT * 0.8, 1),
        (NOON + ACCEPT - TICK, 0),
        (NOON + ACCEPT, 1),
        (NOON + RESOLVE * 0.8, 1),
        (NOON + RESOLVE, 1),
        (NOON + RESOLVE * 100, 0),
    ):
        supervision.clock.set(instant)
        assert await supervision.take_steps() == expected
    told = [(headers["ce_type"], value["name"]) for headers, value in await supervision.outbox()]
    assert told == [(WARNED, "accept"), (REMINDED, "accept"), (WARNED, "resolve"), (REMINDED, "resolve")]
    assert await supervision.violations() == ()


async def test_steps_due_at_once_are_taken_in_their_order(supervision: Supervision) -> None:
    await supervision.deliver(Story(NOON).last)
    supervision.clock.set(NOON + ACCEPT)
    assert await supervision.take_steps() == 2
    assert [headers["ce_type"] for headers, _ in await supervision.outbox()] == [WARNED, REMINDED]
    assert await supervision.trail() == ["start", "warn", "remind", "start"]
    assert await supervision.violations() == ()


@pytest.mark.parametrize("actions", ["accept resolve", "close", "accept resolve close", "accept suspend"])
async def test_nothing_is_taken_once_nobody_waits(supervision: Supervision, actions: str) -> None:
    await supervision.deliver(*life(*actions.split(), at=NOON).events)
    supervision.clock.set(NOON + RESOLVE * 2)
    assert await supervision.take_steps() == 0
    assert await supervision.outbox() == []


async def test_rework_after_the_warning_warns_no_second_time(supervision: Supervision) -> None:
    story = life("accept", at=NOON)
    await supervision.deliver(*story.events)
    supervision.clock.set(NOON + RESOLVE * 0.9)
    assert await supervision.take_steps() == 1
    story.at = supervision.clock.now()
    await supervision.deliver(*story("resolve")("rework").events)
    supervision.clock.set(story.limit("resolve").due_at)
    await supervision.take_steps()
    assert [headers["ce_type"] for headers, _ in await supervision.outbox()] == [WARNED, REMINDED]


async def test_events_tell_the_unit_that_must_act_and_go_on_from_the_request(supervision: Supervision) -> None:
    story = Story(NOON, trace=continued("call-7", None))
    await supervision.deliver(story.last)
    supervision.clock.set(NOON + ACCEPT * 0.8)
    await supervision.take_steps()
    ((headers, value),) = await supervision.outbox()
    assert (value["unit"], value["thing_id"]) == (story.lead, str(story.id))
    assert headers["ce_correlationid"] == "call-7"
    assert headers["traceparent"].split("-")[1] == story.trace.traceparent.split("-")[1]
    assert headers["traceparent"] != story.trace.traceparent


async def test_two_workers_racing_take_each_step_once_and_the_oldest_first(supervision: Supervision) -> None:
    stories = [Story(NOON + timedelta(seconds=(7919 * i) % 1000)) for i in range(1000)]
    await supervision.deliver(*(story.last for story in stories))
    supervision.clock.set(NOON + RESOLVE * 2)
    batches = [0, 0]

    async def worker(me: int) -> None:
        while (taken := await supervision.take_steps(40)) != 0:
            batches[me] += taken is not None
            await asyncio.sleep(0)

    await asyncio.gather(worker(0), worker(1))
    assert min(batches) > 0, "there was no race"
    told = await supervision.told()
    assert len(told) == 4000
    assert set(told.values()) == {1}
    # One clock's steps follow each other; between clocks what became due first is told first.
    values = [(value["due_at"], value["name"], value["clock_id"]) for _, value in await supervision.outbox()]
    clocks = [clock for clock, _ in groupby(values)]
    assert len(clocks) == 2000
    assert clocks == sorted(clocks, key=lambda clock: (clock[1], clock[0]))
    assert await supervision.violations() == ()


async def test_what_a_dying_worker_had_in_hand_is_taken_later_exactly_once(supervision: Supervision) -> None:
    await supervision.deliver(*(Story(NOON).last for _ in range(50)))
    supervision.clock.set(NOON + ACCEPT)
    with pytest.raises(DBAPIError):
        async with supervision.uow() as uow:
            assert len(await take_due_steps(uow) or ()) == 100
            me = await uow.connection.scalar(sa.select(sa.func.pg_backend_pid()))
            async with supervision.uow() as other:
                assert await take_due_steps(other) is None
                await other.connection.execute(sa.select(sa.func.pg_terminate_backend(me, 5000)))
    assert await supervision.outbox() == []
    assert await supervision.take_steps() == 100
    assert await supervision.take_steps() == 0
    assert set((await supervision.told()).values()) == {1}
    assert await supervision.violations() == ()


async def test_a_batch_that_fails_when_parts_of_it_are_written_is_taken_later_exactly_once(
    supervision: Supervision, monkeypatch: pytest.MonkeyPatch
) -> None:
    await supervision.deliver(*(Story(NOON + TICK * i).last for i in range(1, 701)))
    supervision.clock.set(NOON + ACCEPT * 2)
    with monkeypatch.context() as armed, pytest.raises(failpoints.Failed):
        armed.setattr(failpoints, "_POINTS", failpoints._armed("watch.before_commit=raise"))
        await supervision.take_steps()
    assert await supervision.outbox() == []
    assert await supervision.take_steps(1000) == 1400
    due = [value["due_at"] for headers, value in await supervision.outbox() if headers["ce_type"] == WARNED]
    assert len(due) == 700
    assert due == sorted(due)
    assert set((await supervision.told()).values()) == {1}
    assert await supervision.violations() == ()


async def test_a_clock_that_an_event_is_changing_is_passed_over_and_stays_silent_once_it_is_fulfilled(
    supervision: Supervision,
) -> None:
    acted, missed = Story(NOON), Story(NOON + timedelta(seconds=1))
    await supervision.deliver(acted.last, missed.last)
    supervision.clock.set(NOON + ACCEPT + timedelta(minutes=1))
    async with supervision.uow() as uow:
        await follow_limits(Batch([acted("accept").last]), uow)
        assert await supervision.take_steps() == 2
    assert await supervision.take_steps() == 0
    assert {value["thing_id"] for _, value in await supervision.outbox()} == {str(missed.id)}


async def test_the_watch_takes_all_that_is_due_counts_it_and_stops_when_told(supervision: Supervision) -> None:
    registry, stop = CollectorRegistry(), asyncio.Event()
    watches = [ClockWatch(supervision.uow, WatchMetrics(registry)) for registry in (registry, CollectorRegistry())]
    await supervision.deliver(*(Story(NOON).last for _ in range(700)))
    supervision.clock.set(NOON + ACCEPT)
    running = [asyncio.create_task(watch.run(stop)) for watch in watches]
    async with asyncio.timeout(30):
        while sum((await supervision.told()).values()) < 1400:
            await asyncio.sleep(0.05)
        await supervision.deliver(Story(NOON - timedelta(hours=1)).last)  # due before it is heard of
        while sum((await supervision.told()).values()) < 1402:
            await asyncio.sleep(0.05)
        stop.set()
        await asyncio.gather(*running)
    assert set((await supervision.told()).values()) == {1}
    assert registry.get_sample_value("gridgov_clocks_overdue", {"thing": "work_order", "name": "accept"}) is not None


async def test_a_clock_whose_step_fails_holds_up_no_other(supervision: Supervision) -> None:
    """One has no trail entry to follow, one cannot even be read; both have been due the longest."""
    no_trail, unreadable, *good = [Story(NOON + timedelta(seconds=n)) for n in range(32)]
    await supervision.deliver(*(story.last for story in (no_trail, unreadable, *good)))
    async with supervision.uow() as uow:
        for story, spoiled in (
            (no_trail, {"version": clocks.c.version + 1}),
            (unreadable, {"warn_at": clocks.c.due_at + timedelta(seconds=1)}),
        ):
            one = (clocks.c.thing_id == story.id) & (clocks.c.name == "accept")
            await uow.connection.execute(sa.update(clocks).where(one).values(spoiled))
    supervision.clock.set(NOON + ACCEPT + timedelta(hours=1))
    registry, stop = CollectorRegistry(), asyncio.Event()
    running = asyncio.create_task(ClockWatch(supervision.uow, WatchMetrics(registry)).run(stop))
    async with asyncio.timeout(30):
        while registry.get_sample_value("gridgov_clocks_set_aside") != 2:
            await asyncio.sleep(0.05)
        while sum((await supervision.told()).values()) < 2 * len(good):
            await asyncio.sleep(0.05)
        late = Story(NOON)  # and what comes later is taken in batches again
        await supervision.deliver(late.last)
        while sum((await supervision.told()).values()) < 2 * len(good) + 2:
            await asyncio.sleep(0.05)
        stop.set()
        await running
    told = {value["thing_id"] for _, value in await supervision.outbox()}
    assert told == {str(story.id) for story in (*good, late)}
    assert registry.get_sample_value("gridgov_watch_failures_total") == 1


async def test_what_fails_for_all_is_not_the_clocks_fault(
    supervision: Supervision, monkeypatch: pytest.MonkeyPatch
) -> None:
    await supervision.deliver(*(Story(NOON).last for _ in range(MOST_SET_ASIDE + 5)))
    supervision.clock.set(NOON + ACCEPT)
    registry, stop = CollectorRegistry(), asyncio.Event()
    monkeypatch.setattr(module, "due_steps", lambda *_: 1 / 0)
    running = asyncio.create_task(ClockWatch(supervision.uow, WatchMetrics(registry)).run(stop))
    async with asyncio.timeout(30):
        while not (registry.get_sample_value("gridgov_watch_failures_total") or 0) >= 2:
            await asyncio.sleep(0.05)
        assert registry.get_sample_value("gridgov_clocks_set_aside") == 0
        monkeypatch.undo()
        while sum((await supervision.told()).values()) < 2 * (MOST_SET_ASIDE + 5):
            await asyncio.sleep(0.05)
        stop.set()
        await running


async def test_the_watch_outlives_the_loss_of_its_connections(
    supervision: Supervision, migrated_server: BlockingPostgres, module_database: str
) -> None:
    registry, stop = CollectorRegistry(), asyncio.Event()
    engine = open_engine(migrated_server.url_of(module_database), service="watch")
    watch = ClockWatch(Supervision(engine, supervision.clock).uow, WatchMetrics(registry))
    running = asyncio.create_task(watch.run(stop))
    async with asyncio.timeout(30):
        while not registry.get_sample_value("gridgov_watch_failures_total"):
            await asyncio.sleep(0.1)
            async with supervision.uow() as uow:
                await uow.connection.execute(
                    sa.text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND application_name = 'gridgov-watch'"
                    )
                )
        await supervision.deliver(Story(NOON - ACCEPT).last)
        while len(await supervision.told()) < 2:
            await asyncio.sleep(0.05)
        stop.set()
        await running
    await engine.dispose()
