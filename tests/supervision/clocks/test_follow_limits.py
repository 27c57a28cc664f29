"""Clocks follow their work order: what each action does, and what late, stale and repeated events do not."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.dispatch.work_orders.lifecycle import Action as DispatchAction
from services.supervision.clocks.clock import Clock, Kind, State
from services.supervision.clocks.reactions import REACTIONS
from shared.events.codec import Envelope
from tests.conftest import NOON
from tests.supervision.conftest import Supervision
from tests.supervision.stories import ACCEPT, AREA, LEAD, OTHER, RESOLVE, Story

pytestmark = pytest.mark.anyio

R, M, S = State.RUNNING, State.MET, State.STOPPED


def seen(clocks: list[Clock]) -> list[tuple[str, str, State]]:
    return [(clock.kind.value, clock.unit, clock.state) for clock in clocks]


def test_every_action_of_dispatch_has_a_row() -> None:
    assert set(REACTIONS) == {action.value for action in DispatchAction}


@pytest.mark.parametrize(
    ("lead", "actions", "expected"),
    [
        (LEAD, "", [("accept", LEAD, R), ("resolve", LEAD, R)]),
        (None, "", [("accept", AREA, R), ("resolve", AREA, R)]),
        (None, "assign", [("accept", AREA, S), ("resolve", LEAD, R), ("accept", LEAD, R)]),
        (LEAD, "accept", [("accept", LEAD, M), ("resolve", LEAD, R)]),
        (LEAD, "accept start", [("accept", LEAD, M), ("resolve", LEAD, R)]),
        (LEAD, "accept start resolve", [("accept", LEAD, M), ("resolve", LEAD, M)]),
        (LEAD, "accept start resolve verify", [("accept", LEAD, M), ("resolve", LEAD, M)]),
        (LEAD, "accept start resolve verify close", [("accept", LEAD, M), ("resolve", LEAD, M)]),
        (LEAD, "accept start resolve rework", [("accept", LEAD, M), ("resolve", LEAD, R)]),
        (LEAD, "accept start resolve rework resolve", [("accept", LEAD, M), ("resolve", LEAD, M)]),
        (LEAD, "return", [("accept", LEAD, S), ("resolve", AREA, R)]),
        (LEAD, "close", [("accept", LEAD, S), ("resolve", LEAD, S)]),
        (LEAD, "mystery", [("accept", LEAD, R), ("resolve", LEAD, R)]),
    ],
)
async def test_what_each_action_does_to_the_two_clocks(
    supervision: Supervision, lead: str | None, actions: str, expected: list[tuple[str, str, State]]
) -> None:
    story = Story(NOON, lead)
    for action in actions.split():
        story(action)
    for envelope in story.events:
        await supervision.deliver(envelope)
    assert seen(await supervision.clocks()) == expected
    assert await supervision.violations() == ()


async def test_a_clock_holds_what_dispatch_promised(supervision: Supervision) -> None:
    story = Story(NOON)
    await supervision.deliver(*story.events)
    accept, resolve = await supervision.clocks()
    assert (accept.started_at, accept.due_at, str(accept.limit)) == (NOON, NOON + ACCEPT, "1h")
    assert (resolve.started_at, resolve.due_at, str(resolve.limit)) == (NOON, NOON + RESOLVE, "24h")
    assert accept.warn_at == NOON + ACCEPT * 0.8


async def test_a_unit_that_acted_in_time_is_in_time_however_late_we_hear_of_it(supervision: Supervision) -> None:
    story = Story(NOON)("accept")
    supervision.clock.advance(timedelta(days=3))
    await supervision.deliver(*story.events)
    accept = (await supervision.clocks())[0]
    assert (accept.ended_at, accept.kept) == (NOON + timedelta(minutes=1), True)


async def test_returned_and_assigned_again_gives_a_new_accept_limit_and_keeps_the_resolve_limit(
    supervision: Supervision,
) -> None:
    story = Story(NOON)("return")("assign", lead=OTHER)
    await supervision.deliver(*story.events)
    first, resolve, second = await supervision.clocks()
    assert (first.kind, first.unit, first.state) == (Kind.ACCEPT, LEAD, S)
    assert (second.kind, second.unit, second.state, second.due_at) == (Kind.ACCEPT, OTHER, R, story.at + ACCEPT)
    assert (resolve.unit, resolve.state, resolve.due_at) == (OTHER, R, NOON + RESOLVE)
    assert [a for a in await supervision.trail() if a == "reassign"] == ["reassign", "reassign"]


async def test_assigned_returned_and_assigned_within_one_instant_is_three_limits(supervision: Supervision) -> None:
    story = Story(NOON, None)
    for action in ("assign", "return", "assign"):
        story.at -= timedelta(minutes=1)  # each step advances by as much
        story(action)
    await supervision.deliver(*story.events)
    accepts = [clock for clock in await supervision.clocks() if clock.kind is Kind.ACCEPT]
    assert [clock.state for clock in accepts] == [S, S, R]
    assert {clock.started_at for clock in accepts} == {NOON}


async def test_rework_runs_on_within_the_first_limit(supervision: Supervision) -> None:
    await supervision.deliver(*Story(NOON)("accept")("start")("resolve")("rework").events)
    resolve = (await supervision.clocks())[1]
    assert (resolve.state, resolve.due_at, resolve.ended_at) == (R, NOON + RESOLVE, None)


LIFE = ("return", "assign", "accept", "start", "resolve", "rework", "resolve", "verify", "close")


def facts(clocks: list[Clock]) -> list[tuple[Any, ...]]:
    return [(c.kind, c.unit, c.state, c.started_at, c.due_at, c.ended_at, c.version) for c in clocks]


def life() -> list[Envelope[Any]]:
    story = Story(NOON)
    for action in LIFE:
        story(action)
    return story.events


async def test_a_life_in_one_batch_ends_as_one_told_event_by_event(supervision: Supervision) -> None:
    together, apart = life(), life()
    await supervision.deliver(*together)
    for envelope in apart:
        await supervision.deliver(envelope)
    both = [facts(await supervision.clocks(events[0].event.work_order_id)) for events in (together, apart)]
    assert both[0] == both[1]
    assert await supervision.violations() == ()


async def test_events_delivered_three_times_and_out_of_date_change_nothing(supervision: Supervision) -> None:
    events = life()
    await supervision.deliver(*events)
    before, trail = await supervision.clocks(), await supervision.trail()
    await supervision.deliver(*events)
    for envelope in reversed(events):
        await supervision.deliver(envelope, envelope)
    assert (await supervision.clocks(), await supervision.trail()) == (before, trail)


async def test_an_event_twice_in_one_batch_counts_once(supervision: Supervision) -> None:
    story = Story(NOON)("accept")
    await supervision.deliver(story.events[0], story.events[0], story.last, story.last)
    assert await supervision.trail() == ["start", "meet", "start"]


async def test_one_event_handled_by_two_readers_at_once_counts_once(supervision: Supervision) -> None:
    stories = [Story(NOON) for _ in range(20)]
    batch = [story.last for story in stories]
    await asyncio.gather(supervision.deliver(*batch), supervision.deliver(*reversed(batch)))
    assert len(await supervision.clocks()) == 40
    moves = [story("accept").last for story in stories]
    await asyncio.gather(supervision.deliver(*moves), supervision.deliver(*reversed(moves)))
    assert (await supervision.trail()).count("meet") == 20
    assert await supervision.violations() == ()


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ("return assign", [("accept", LEAD, R), ("resolve", LEAD, R)]),
        ("accept", [("resolve", LEAD, R)]),
        ("return", [("resolve", AREA, R)]),
        ("accept start resolve", []),
        ("accept start resolve rework", [("resolve", LEAD, R)]),
    ],
)
async def test_a_move_of_an_unknown_work_order_starts_what_runs_in_its_state(
    supervision: Supervision, actions: str, expected: list[tuple[str, str, State]]
) -> None:
    story = Story(NOON)
    for action in actions.split():
        story(action)
    await supervision.deliver(story.last)
    assert seen(await supervision.clocks()) == expected
    await supervision.deliver(story.events[0])  # the opening, late: older than what was applied
    assert seen(await supervision.clocks()) == expected


async def test_rework_after_an_opening_that_was_never_seen_gets_its_resolve_clock(supervision: Supervision) -> None:
    story = Story(NOON)("accept")("start")("resolve")
    await supervision.deliver(story.last)
    await supervision.deliver(story("rework").last)
    assert seen(await supervision.clocks()) == [("resolve", LEAD, R)]


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

    assert await statements(1) == await statements(50)
