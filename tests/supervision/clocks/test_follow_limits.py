"""Events about things with limits → clocks: in batches, stale, repeated, and by two readers at once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.supervision.clocks.clock import Clock
from shared.db.aggregates import COPY_FROM
from shared.events.codec import Envelope
from shared.limits import LimitState
from tests.conftest import NOON
from tests.supervision.conftest import Supervision
from tests.supervision.stories import OTHER, Story, life

pytestmark = pytest.mark.anyio

LIFE = ("return", "assign", "accept", "start", "suspend", "resume", "resolve", "rework", "extend", "resolve", "close")


def facts(clocks: list[Clock]) -> list[tuple[Any, ...]]:
    return [(c.name, c.unit, c.state, c.started_at, c.due_at, c.ended_at, c.version) for c in clocks]


def whole_life() -> list[Envelope[Any]]:
    return life(*LIFE, at=NOON).events


def thing(events: list[Envelope[Any]]) -> UUID:
    return UUID(events[0].event.key)


async def test_a_life_in_one_batch_ends_as_one_told_event_by_event(supervision: Supervision) -> None:
    together, apart = whole_life(), whole_life()
    await supervision.deliver(*together)
    for envelope in apart:
        await supervision.deliver(envelope)
    both = [facts(await supervision.clocks(thing(events))) for events in (together, apart)]
    assert len(both[0]) == 4
    assert both[0] == both[1]
    assert await supervision.violations() == ()


async def test_a_unit_that_acted_in_time_is_in_time_however_late_we_hear_of_it(supervision: Supervision) -> None:
    story = life("accept", at=NOON)
    supervision.clock.advance(timedelta(days=3))
    await supervision.deliver(*story.events)
    accept = (await supervision.clocks())[0]
    assert (accept.ended_at, accept.kept) == (NOON + timedelta(minutes=1), True)


async def test_events_delivered_three_times_and_out_of_date_change_nothing(supervision: Supervision) -> None:
    events = whole_life()
    await supervision.deliver(*events)
    before, trail = await supervision.clocks(), await supervision.trail()
    await supervision.deliver(*events)
    for envelope in reversed(events):
        await supervision.deliver(envelope, envelope)
    assert (await supervision.clocks(), await supervision.trail()) == (before, trail)


async def test_the_newest_event_alone_is_enough(supervision: Supervision) -> None:
    story = life("accept", "resolve", "rework", at=NOON)
    await supervision.deliver(story.last)
    assert [clock.state for clock in await supervision.clocks()] == [LimitState.FULFILLED, LimitState.RUNNING]
    await supervision.deliver(*story.events)  # those before, late
    assert len(await supervision.clocks()) == 2


async def test_an_event_twice_in_one_batch_counts_once(supervision: Supervision) -> None:
    story = life("accept", at=NOON)
    await supervision.deliver(story.events[0], story.events[0], story.last, story.last)
    assert await supervision.trail() == ["start", "follow", "start"]


async def test_one_event_handled_by_two_readers_at_once_counts_once(supervision: Supervision) -> None:
    stories = [Story(NOON) for _ in range(20)]
    batch = [story.last for story in stories]
    await asyncio.gather(supervision.deliver(*batch), supervision.deliver(*reversed(batch)))
    assert len(await supervision.clocks()) == 40
    moves = [story("accept").last for story in stories]
    await asyncio.gather(supervision.deliver(*moves), supervision.deliver(*reversed(moves)))
    assert (await supervision.trail()).count("follow") == 20
    assert await supervision.violations() == ()


async def test_a_batch_costs_the_same_number_of_statements_however_large_it_is(supervision: Supervision) -> None:
    async def statements(count: int) -> list[int]:
        stories = [Story(NOON) for _ in range(count)]
        executed: list[str] = []

        def note(*args: Any) -> None:
            executed.append(args[2])

        sa.event.listen(supervision.engine.sync_engine, "before_cursor_execute", note)
        await supervision.deliver(*(story.last for story in stories))
        opened = len(executed)
        await supervision.deliver(*(story("assign", lead=OTHER).last for story in stories))
        sa.event.remove(supervision.engine.sync_engine, "before_cursor_execute", note)
        return [opened, len(executed) - opened]

    assert await statements(1) == await statements((COPY_FROM - 1) // 2)  # each has two clocks
    assert await statements(COPY_FROM) == await statements(50)
