"""What has changed since a position: all of it, whoever commits when, and with whom it may be shared."""

import asyncio
import random
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from shared.live import tail as module
from shared.live.tail import Happened, Tail
from tests.shared.probe import Probe

pytestmark = pytest.mark.anyio
CODES = {
    "A": (None, "city"), "A1": ("A", "street"), "A1-01": ("A1", "community"), "A2": ("A", "street"),
    "A-D": ("A", "department"),
}  # fmt: skip
SERVES = {"A-D": ["A1"]}


@pytest.fixture
async def tail(probe: Probe) -> Tail:
    units = sa.Table(
        "watched_units", sa.MetaData(schema=probe.name), sa.Column("code", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text), sa.Column("name", sa.Text), sa.Column("parent", sa.Text),
        sa.Column("serves", ARRAY(sa.Text)),
    )  # fmt: skip
    async with probe.engine.begin() as connection:
        await connection.run_sync(units.metadata.create_all)
        rows = [
            {"code": code, "kind": kind, "name": code, "parent": parent, "serves": SERVES.get(code, [])}
            for code, (parent, kind) in CODES.items()
        ]
        await connection.execute(sa.insert(units), rows)
    return Tail(probe.engine, probe.tables, units, {}, served=("place",))


def ids(changes: tuple[Happened, ...] | None) -> list[UUID]:
    assert changes is not None
    return [change.id for change in changes]


async def test_what_was_committed_since_is_told_once(probe: Probe, tail: Tail) -> None:
    position = await tail.now()
    new = probe.new()
    async with probe.uow() as uow:
        await uow.add(new)
    news = await tail.since(position)
    assert ids(news.changes) == [new.after.id]
    assert news.changes is not None and (news.changes[0].kind, news.changes[0].action) == ("thing", "add")
    assert ids((await tail.since(news.position)).changes) == []
    assert ids((await tail.since(position)).changes) == [new.after.id], "a position stays good"


async def test_what_was_written_first_and_commits_last_is_told_too(probe: Probe, tail: Tail) -> None:
    """ "id > last seen" loses it."""
    position = await tail.now()
    slow, quick = probe.new(), probe.new()
    async with probe.uow() as uow:
        await uow.add(slow)
        await uow._write()  # its transaction has its number, and its entry, and goes on
        async with probe.uow() as other:
            await other.add(quick)
        first = await tail.since(position)
        assert ids(first.changes) == [quick.after.id]
    second = await tail.since(first.position)
    assert ids(second.changes) == [slow.after.id]


async def test_what_is_rolled_back_is_never_told(probe: Probe, tail: Tail) -> None:
    position = await tail.now()
    with pytest.raises(ZeroDivisionError):
        async with probe.uow() as uow:
            await uow.add(probe.new())
            await uow._write()
            raise ZeroDivisionError
    assert ids((await tail.since(position)).changes) == []


async def test_of_many_writers_at_once_nothing_is_lost_and_nothing_told_twice(probe: Probe, tail: Tail) -> None:
    written: list[UUID] = []
    told: list[UUID] = []
    done = asyncio.Event()
    chance = random.Random(7)

    async def write() -> None:
        for _ in range(25):
            changes = [probe.new() for _ in range(chance.randrange(1, 4))]
            async with probe.uow() as uow:
                await uow.add(*changes)
                await uow._write()
                await asyncio.sleep(chance.random() * 0.02)
            written.extend(change.after.id for change in changes)

    async def follow() -> None:
        position = start
        while True:
            last = done.is_set()
            news = await tail.since(position)
            told.extend(ids(news.changes))
            position = news.position
            if last:
                return
            await asyncio.sleep(0.003)

    start = await tail.now()
    following = asyncio.create_task(follow())
    await asyncio.gather(*(write() for _ in range(8)))
    done.set()
    await following
    assert len(written) > 200
    assert sorted(told) == sorted(written)


async def test_too_much_is_not_told_one_by_one(probe: Probe, tail: Tail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    position = await tail.now()
    async with probe.uow() as uow:
        await uow.add(*(probe.new() for _ in range(4)))
    news = await tail.since(position)
    assert news.changes is None
    assert ids((await tail.since(news.position)).changes) == []


@pytest.mark.parametrize(
    "position",
    [
        "",
        "0",
        "5",
        "x:y:",
        "0:0:",
        "9:3:",
        "3:9:9",
        "3:9:2",
        "3:9:5,4",
        "3:9:5,",
        "٣:9:",
        f"1:{2**63}:",
        "1:2:" + "1," * 3000,
    ],
)
async def test_what_is_no_position_means_reading_anew(tail: Tail, position: str) -> None:
    assert (await tail.since(position)).changes is None


async def test_a_position_of_another_database_means_reading_anew(probe: Probe, tail: Tail) -> None:
    assert (await tail.since("9000000000:9000000001:")).changes is None
    assert ids((await tail.since(await tail.now())).changes) == []


async def test_what_a_restored_trail_brought_from_another_server_is_not_told(probe: Probe, tail: Tail) -> None:
    position = await tail.now()
    async with probe.uow() as uow:
        await uow.add(probe.new())
    await probe.sql("ALTER TABLE trail DISABLE TRIGGER USER", "UPDATE trail SET tx = 9000000000")
    assert ids((await tail.since(position)).changes) == []


async def test_it_lies_where_its_units_are_and_were_and_in_all_above(probe: Probe, tail: Tail) -> None:
    new = probe.new()
    async with probe.uow() as uow:
        await uow.add(new)
    position = await tail.now()
    moved = new.after.moved(probe.clock, "moved")
    async with probe.uow() as uow:
        uow.record("thing", moved, places=["A1-01"])
    news = await tail.since(position)
    assert news.changes is not None
    assert (news.changes[0].within, news.changes[0].street) == (frozenset({"A1-01", "A1", "A"}), "A1")
    again = moved.after.moved(probe.clock, "moved again")
    async with probe.uow() as uow:
        uow.record("thing", again, places=["A2"])
    last = await tail.since(news.position)
    assert last.changes is not None
    assert (last.changes[0].within, last.changes[0].street) == (frozenset({"A1-01", "A1", "A2", "A"}), "A2")


async def test_a_department_is_told_of_the_places_in_the_areas_that_it_serves_and_of_nothing_else_there(
    probe: Probe, tail: Tail
) -> None:
    position = await tail.now()
    async with probe.uow() as uow:
        for kind, place in (("place", "A1-01"), ("thing", "A1-01"), ("place", "A2")):
            uow.record(kind, probe.new(), places=[place])
    news = await tail.since(position)
    assert news.changes is not None
    assert sorted("A-D" in change.within for change in news.changes) == [False, False, True]
    assert next(change.kind for change in news.changes if "A-D" in change.within) == "place"
