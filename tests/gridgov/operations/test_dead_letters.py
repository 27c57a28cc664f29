"""Dead letters are listed, shown without what residents wrote, sent again to where they came from, and put aside."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest

from gridgov.local.postgres import BlockingPostgres
from gridgov.operations import dead_letters as dead
from gridgov.operations.invariants import audit
from gridgov.operations.reach import Installation
from services.manifest import SERVICES
from shared.bus.port import Bus, Message
from shared.bus.postgres.bus import PostgresBus
from shared.errors import Conflict, NotFound
from shared.events.topics import REPORTS, dead_letters
from tests.gridgov.operations.installation import LATER, evidence, running
from tests.support.city import INSIDE
from tests.support.gridgov import GridGov

SECRET = "井盖 13800001111 张三"
BREAK = """
    CREATE FUNCTION dispatch.broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;
    CREATE TRIGGER broken BEFORE INSERT ON dispatch.work_orders EXECUTE FUNCTION dispatch.broken()
"""


@pytest.fixture
async def bus(migrated_server: BlockingPostgres, copied: str) -> AsyncIterator[Bus]:
    bus = PostgresBus(migrated_server.dsn_of(copied))
    await bus.start()
    yield bus
    await bus.close()


@pytest.fixture
async def platform(where: Installation, bus: Bus, tmp_path: Path) -> AsyncIterator[GridGov]:
    async with running(where, bus, tmp_path, at=LATER) as platform:
        yield platform


async def open_letters(where: Installation) -> list[dead.Letter]:
    async with where.log() as log:
        return [letter async for letter in dead.pending(log, SERVICES)]


def done(action: str, at: datetime = LATER) -> dead.Mark:
    return dead.mark(action, at=at, by="me", why="because")


async def test_a_letter_says_where_it_came_from_and_why_it_is_here(where: Installation) -> None:
    (letter,) = await open_letters(where)
    facts = letter.facts()
    assert (facts["service"], facts["type"], facts["key"]) == ("dispatch", "gridgov.report.triaged.v1", "k-bad")
    assert facts["reason"] == "ce_id is missing or no UUID"
    assert facts["origin"].startswith(f"{REPORTS}/")
    assert letter.contents()["value"] == "(1 bytes)"


async def test_what_failed_is_handled_once_its_cause_is_mended_and_it_is_sent_again(
    where: Installation, bus: Bus, platform: GridGov, sql: asyncpg.Connection
) -> None:
    await sql.execute(BREAK)
    await sql.execute("ALTER TABLE dispatch.work_orders ENABLE ALWAYS TRIGGER broken")
    report = await platform.reported(SECRET, "k-9", point=INSIDE)
    (letter,) = [letter for letter in await open_letters(where) if letter.record.key == report]
    assert SECRET not in str(letter.contents())
    assert "13800001111" not in str(letter.facts())
    assert letter.contents()["value"]["report_id"] == report

    await sql.execute("DROP TRIGGER broken ON dispatch.work_orders")
    producer = await bus.producer("test")
    for _ in range(2):  # a crash before the mark would have it sent twice
        await dead.send_again(letter, producer, done("replayed"))
    await platform.drain()
    assert (await platform.work_order(report))["state"] == "assigned"
    assert report not in {letter.record.key for letter in await open_letters(where)}
    async with evidence(where) as e:
        assert await audit(e) == []


async def test_what_was_put_aside_is_no_longer_open_and_says_why(where: Installation, bus: Bus) -> None:
    (letter,) = await open_letters(where)
    await dead.put_mark(letter, await bus.producer("test"), done("discarded"))
    assert await open_letters(where) == []
    async with where.log() as log:
        found = await dead.find(log, letter.id)
        assert found.mark == done("discarded")
        async with evidence(where) as e:
            assert await audit(e) == []


async def test_a_letter_that_the_relay_sent_twice_is_one(where: Installation, bus: Bus) -> None:
    (letter,) = await open_letters(where)
    record = letter.record
    await (await bus.producer("t")).send([Message(record.topic, record.key or "", record.value, record.headers)])
    assert [again.id for again in await open_letters(where)] == [letter.id]


@pytest.mark.parametrize("headers", [{"dead_topic": REPORTS, "dead_value": "dropped"}, {"dead_topic": "x"}, {}])
async def test_what_has_no_origin_or_no_value_is_not_sent(
    where: Installation, bus: Bus, headers: dict[str, str]
) -> None:
    producer = await bus.producer("test")
    await producer.send([Message(dead_letters("intake"), "k", b"", headers)])
    (letter,) = [letter for letter in await open_letters(where) if letter.service == "intake"]
    with pytest.raises(Conflict):
        await dead.send_again(letter, producer, done("replayed"))


async def test_an_unknown_letter_is_said_to_be_none(where: Installation) -> None:
    async with where.log() as log:
        for name in ("dispatch-00000000", "nobody-1", ""):
            with pytest.raises(NotFound):
                await dead.find(log, name)
