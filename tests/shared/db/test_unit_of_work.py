"""One transaction for rows, trail, outbox and processed_events: all of it or nothing, whatever happens on the way."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import Record
from shared.db.transient import is_transient
from shared.ids import new_id
from shared.telemetry import logs
from shared.telemetry.context import bound, continued
from shared.trail.entry import Head, read_head
from tests.shared.probe import Probe, Thing, backend, told, until

pytestmark = pytest.mark.anyio
NOTHING = {"things": 0, "trail": 0, "outbox": 0, "processed_events": 0}


async def do_everything(probe: Probe, *, fail: str | None = None) -> None:
    async with probe.uow() as uow:
        await uow.take_new([new_id()])
        await uow.add(probe.new())
        if fail:
            raise ValueError(fail)


async def test_leaving_without_an_error_commits_rows_trail_outbox_and_inbox(probe: Probe) -> None:
    await do_everything(probe)
    assert await probe.everything() == {"things": 1, "trail": 1, "outbox": 1, "processed_events": 1}


async def test_leaving_with_an_error_leaves_nothing(probe: Probe) -> None:
    with pytest.raises(ValueError, match="on the way"):
        await do_everything(probe, fail="on the way")
    assert await probe.everything() == NOTHING


async def test_a_row_that_cannot_be_written_at_the_end_takes_all_with_it(probe: Probe) -> None:
    async def write() -> None:
        await uow.connection.execute(sa.text("SELECT 1/0"))

    with pytest.raises(DBAPIError):
        async with probe.uow() as uow:
            uow.before_commit(write)
            await uow.add(probe.new())
    assert await probe.everything() == NOTHING


async def test_a_connection_killed_before_the_commit_leaves_nothing_and_reads_as_passing(probe: Probe) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with probe.uow() as uow:
            await uow.add(probe.new())
            pid = await backend(uow.connection)
            await probe.sql(f"SELECT pg_terminate_backend({pid})")
    assert is_transient(caught.value)
    assert await probe.everything() == NOTHING


async def test_a_server_that_dies_within_the_commit_leaves_nothing(probe: Probe) -> None:
    """All is written when the deferred trigger runs; only the commit itself does not come to its end."""
    await probe.sql(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION die()",
    )
    with pytest.raises(DBAPIError) as caught:
        await do_everything(probe)
    assert is_transient(caught.value)
    assert await probe.everything() == NOTHING


async def cancelled_again_and_again(probe: Probe, hang: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """`hang` is cancelled once it has said that it hangs, and again on its way out: nothing is kept, nothing written."""
    for turn in range(15):  # more than the pool holds
        hanging = asyncio.Event()
        task = asyncio.create_task(hang(hanging))
        await hanging.wait()
        task.cancel()
        for _ in range(turn):  # and again, somewhere on the way out
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await until(lambda: probe.engine.pool.checkedout() == 0)
    assert await probe.everything() == NOTHING


async def test_a_cancelled_transaction_gives_its_connection_back(probe: Probe) -> None:
    async def hang(hanging: asyncio.Event) -> None:
        async with probe.uow() as uow:
            await uow.add(probe.new())
            hanging.set()
            await uow.connection.execute(sa.text("SELECT pg_sleep(30)"))

    await cancelled_again_and_again(probe, hang)


async def test_what_was_written_ahead_commits_with_the_rest_in_its_order(probe: Probe) -> None:
    hints: list[int] = []
    new = probe.new()
    async with probe.uow() as uow:
        await uow.add(new)
    async with probe.uow(lambda: hints.append(1)) as uow:
        thing = await uow.load(new.after.id)
        changes = []
        for step in range(7):
            changes.append(thing.moved(probe.clock, f"step {step}"))
            thing = changes[-1].after
        await uow.connection.execute(sa.update(probe.things).values(version=thing.version))
        for change in changes[:-1]:
            uow.record("thing", change)
            await uow.write_ahead()
        uow.record("thing", changes[-1])
        assert (await probe.everything())["trail"] == 1
        assert hints == []
    assert hints == [1]
    steps = [json.loads(row.value)["step"] for row in await probe.rows(probe.tables.outbox)]
    assert steps == list(range(1, 9))
    assert (await probe.verified()).violations == ()


async def test_an_error_leaves_nothing_of_what_was_written_ahead_and_hints_at_nothing(probe: Probe) -> None:
    hints: list[int] = []
    with pytest.raises(ValueError, match="on the way"):
        async with probe.uow(lambda: hints.append(1)) as uow:
            await uow.add(probe.new())
            await uow.write_ahead()
            raise ValueError("on the way")
    assert hints == []
    assert await probe.everything() == NOTHING


async def test_what_cannot_be_written_ahead_takes_all_with_it(probe: Probe) -> None:
    with pytest.raises(RuntimeError, match="no trail entry to follow"):
        async with probe.uow() as uow:
            await uow.add(probe.new())
            await uow.write_ahead()
            uow.record("thing", Thing(new_id(), 4).moved(probe.clock))
            await uow.write_ahead()
    assert await probe.everything() == NOTHING


async def test_a_transaction_cancelled_while_it_writes_ahead_gives_its_connection_back(probe: Probe) -> None:
    async def hang(hanging: asyncio.Event) -> None:
        async with probe.uow() as uow:
            await uow.add(probe.new())
            uow.before_commit(lambda: take_a_while(uow.connection))
            await uow.write_ahead()
            hanging.set()
            await asyncio.sleep(30)

    async def take_a_while(connection: AsyncConnection) -> None:
        await connection.execute(sa.text("SELECT pg_sleep(0.1)"))

    await cancelled_again_and_again(probe, hang)


async def test_the_relay_is_hinted_only_when_there_is_something_to_send(probe: Probe) -> None:
    hints: list[int] = []

    def committed() -> None:
        hints.append(1)

    async with probe.uow(committed) as uow:
        await uow.take_new([new_id()])
    with pytest.raises(ValueError, match="no"):
        async with probe.uow(committed) as uow:
            await uow.add(probe.new())
            raise ValueError("no")
    assert hints == []
    async with probe.uow(committed) as uow:
        await uow.add(probe.new())
        assert hints == []
    assert hints == [1]


async def test_events_carry_the_trace_that_was_bound_when_they_were_recorded(probe: Probe) -> None:
    first, second = continued("one", None), continued("two", None)
    async with probe.uow() as uow:
        with bound(first):
            await uow.add(probe.new())
        with bound(second):
            await uow.add(probe.new())
        await uow.add(probe.new())
    headers = await probe.headers()
    assert [h.get("ce_correlationid") for h in headers] == ["one", "two", None]
    assert [h.get("traceparent") for h in headers] == [first.traceparent, second.traceparent, None]


async def test_each_event_tells_how_far_the_trail_of_its_thing_had_come(probe: Probe) -> None:
    first, second = probe.new(), probe.new()
    async with probe.uow() as uow:
        await uow.add(first, second)
    await probe.change(first.after.id)
    entries = {(row.aggregate_id, row.seq): row.hash for row in await probe.rows(probe.tables.trail)}
    heads = [read_head(headers["ce_trail"]) for headers in await probe.headers()]
    assert heads == [
        Head(thing, seq, entries[thing, seq])
        for thing, seq in ((first.after.id, 1), (second.after.id, 1), (first.after.id, 2))
    ]


async def test_events_of_one_transaction_stay_in_the_order_in_which_they_were_recorded(probe: Probe) -> None:
    thing = Thing(new_id())
    async with probe.uow() as uow:
        await uow.add(*(probe.new(None, *(told(thing) for _ in range(3))) for _ in range(300)))
    rows = await probe.rows(probe.tables.outbox)
    ids = [json.loads(row.headers)["ce_id"] for row in rows]
    assert len(set(ids)) == 900
    assert ids == sorted(ids), "UUIDv7 sort by the time at which they were made"


async def test_a_dead_letter_goes_out_with_its_origin_and_reason(probe: Probe) -> None:
    record = Record("t", 3, 17, "k\x00ey", b"\xff\x00", {"x": "y"}, probe.clock.now())
    async with probe.uow() as uow:
        uow.dead_letter(record, group="g", reason="why")
        uow.dead_letter(Record("t", 3, 18, None, None, {}, probe.clock.now()), group="g", reason="why")
    odd, empty = await probe.rows(probe.tables.outbox)
    assert (odd.topic, odd.key, odd.value) == (probe.dead_letters, "k\ufffdey", b"\xff\x00")
    assert json.loads(odd.headers) == {
        "x": "y", "dead_topic": "t", "dead_partition": "3", "dead_offset": "17", "dead_group": "g",
        "dead_reason": "why", "dead_at": probe.clock.now().isoformat(),
    }  # fmt: skip
    assert (empty.key, empty.value) == ("t/3", None)


async def test_what_residents_wrote_is_in_no_error_that_is_logged(probe: Probe) -> None:
    secret = "王小明 13900001111"
    await probe.publish()
    async with probe.uow() as uow:
        await uow.add(probe.new(secret))
    with pytest.raises(DBAPIError) as caught:
        async with probe.uow() as uow:
            await uow.add(probe.new(secret))
    assert secret not in json.dumps(logs.describe(caught.value), ensure_ascii=False)
    with pytest.raises(DBAPIError) as caught:
        async with probe.uow() as uow:
            await uow.connection.execute(sa.text("SELECT 1/0, CAST(:note AS text)"), {"note": secret})
    assert secret not in str(caught.value)
