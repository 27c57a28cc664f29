"""Each aggregate has one chain, whole and without forks, however its changes come together."""

import asyncio
from datetime import datetime

import pytest
import sqlalchemy as sa
from asyncpg import UniqueViolationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.change import Actor, Change
from shared.clock import LOCAL
from shared.ids import new_id
from shared.trail.entry import ORIGIN, body_of, digest, entry
from shared.trail.read import trail_of
from tests.conftest import NOON as NOW
from tests.shared.probe import Probe, Thing

pytestmark = pytest.mark.anyio


async def seqs(probe: Probe) -> list[int]:
    return [row.seq for row in await probe.rows(probe.tables.trail)]


async def test_a_chain_goes_on_over_several_transactions(probe: Probe) -> None:
    new = probe.new()
    async with probe.uow() as uow:
        await uow.add(new)
    for _ in range(3):
        await probe.change(new.after.id)
    rows = await probe.rows(probe.tables.trail)
    assert [row.seq for row in rows] == [1, 2, 3, 4]
    assert [row.previous for row in rows] == [ORIGIN, *(row.hash for row in rows[:-1])]
    assert (await probe.verified()).violations == ()


async def test_several_changes_of_one_aggregate_in_one_transaction_are_chained(probe: Probe) -> None:
    new, other = probe.new(), probe.new()
    async with probe.uow() as uow:
        await uow.add(new, other)
        thing = new.after
        for _ in range(3):
            change = thing.moved(probe.clock, f"{thing.id} {thing.version}")
            await uow.put(change)
            thing = change.after
    await probe.change(new.after.id, times=3)
    assert await seqs(probe) == [1, 2, 3, 4, 5, 6, 7, 1]
    assert (await probe.verified()).violations == ()


async def test_changes_of_one_aggregate_at_once_wait_for_each_other_and_the_chain_stays_whole(probe: Probe) -> None:
    new = probe.new()
    async with probe.uow() as uow:
        await uow.add(new)
    await asyncio.gather(*(probe.change(new.after.id, times=2) for _ in range(10)))
    assert await seqs(probe) == list(range(1, 22))
    assert (await probe.verified()).violations == ()


async def test_a_second_change_of_the_same_version_is_refused_with_all_it_brought(probe: Probe) -> None:
    """Two who read the row without its lock would fork the chain; the primary key lets only one of them in."""
    new = probe.new()
    async with probe.uow() as uow:
        await uow.add(new)

    async def change_without_lock(note: str) -> None:
        async with probe.uow() as uow:
            uow.record("thing", new.after.moved(probe.clock, note))

    await change_without_lock("first")
    with pytest.raises(UniqueViolationError):
        await change_without_lock("second")
    assert await seqs(probe) == [1, 2]
    assert len(await probe.headers()) == 2


async def test_a_change_whose_trail_has_no_entry_before_it_is_refused(probe: Probe) -> None:
    with pytest.raises(RuntimeError, match="no trail entry to follow"):
        async with probe.uow() as uow:
            uow.record("thing", Thing(new_id(), 4).moved(probe.clock))
    assert await seqs(probe) == []


async def test_people_read_a_trail_in_order_with_what_was_told(probe: Probe) -> None:
    new = probe.new()
    async with probe.uow() as uow:
        await uow.add(new)
        await uow.put(new.after.moved(probe.clock, "路灯不亮"))
    async with probe.engine.connect() as connection:
        first, second = (await trail_of(connection, probe.tables, new.after.id)).entries
    assert (first.seq, first.action, second.seq, second.action) == (1, "add", 2, "move")
    assert second.what == {"note": "路灯不亮"}
    assert second.at == probe.clock.now()
    assert (second.by, second.role, second.unit) == ("worker-1", "grid_worker", "A7")
    assert len(second.hash) == 64


_TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=60) | st.sampled_from(
    ["路灯不亮", "🚒🧯", "'; DROP TABLE trail; --", 'a "quote" and a \\', "\u2028 \ufeff", "e\u0301 é"]
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    why=_TEXT, what=st.dictionaries(_TEXT, _TEXT | st.integers() | st.none(), max_size=4), seq=st.integers(1, 2**31 - 1)
)
async def test_the_database_computes_the_same_digest(probe: Probe, why: str, what: dict, seq: int) -> None:
    change = Change(Thing(new_id(), seq), "act", Actor("某人", "leader"), NOW, why=why, what=what)
    body, previous = body_of(change), digest(new_id(), 1, why, ORIGIN)
    made = entry("thing", change, previous)
    assert made.hash == digest(change.after.id, seq, body, previous)
    async with probe.engine.connect() as connection:
        theirs = await connection.scalar(
            sa.text(
                "SELECT sha256(CAST(:previous AS bytea) || uuid_send(CAST(:id AS uuid)) || int4send(CAST(:seq AS integer))"
                " || convert_to(CAST(:body AS text), 'UTF8'))"
            ),
            {"previous": previous, "id": change.after.id, "seq": seq, "body": body},
        )
    assert theirs == made.hash


def test_the_body_does_not_depend_on_the_order_of_facts_or_the_zone_of_the_instant() -> None:
    def body(what: dict[str, object], at: datetime) -> str:
        return body_of(Change(Thing(new_id()), "act", Actor("a", "leader"), at, what=what))

    assert body({"a": 1, "b": 2}, NOW) == body({"b": 2, "a": 1}, NOW.astimezone(LOCAL))
    assert body({"a": 1}, NOW) != body({"a": 2}, NOW)
