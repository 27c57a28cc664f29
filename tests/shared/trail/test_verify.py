"""Every kind of tampering is named at the first bad entry. Only a superuser who switches the trigger off can tamper."""

from collections.abc import Sequence
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.ids import new_id
from shared.trail.entry import ORIGIN, digest
from shared.trail.verify import Violation
from tests.shared.probe import Probe

pytestmark = pytest.mark.anyio


@pytest.fixture
async def trails(probe: Probe) -> list[UUID]:
    """Three things with five entries each; tests tamper with the middle one's."""
    changes = [probe.new() for _ in range(3)]
    async with probe.uow() as uow:
        await uow.add(*changes)
    things = sorted(change.after.id for change in changes)
    for thing in things:
        await probe.change(thing, times=4)
    return things


async def tamper(probe: Probe, *statements: str, **values: object) -> Sequence[Violation]:
    await probe.sql(
        "ALTER TABLE trail DISABLE TRIGGER trail_append_only",
        *statements,
        "ALTER TABLE trail ENABLE TRIGGER trail_append_only",
        **values,
    )
    return (await probe.verified()).violations


async def test_whole_trails_have_no_violations_and_are_counted(probe: Probe, trails: list[UUID]) -> None:
    verified = await probe.verified()
    assert (verified.chains, verified.entries, verified.violations) == (3, 15, ())


@pytest.mark.parametrize(
    ("statement", "seq", "problem"),
    [
        ("UPDATE trail SET body = replace(body, 'move', 'm0ve') WHERE {it} AND seq = 3", 3, "was edited"),
        ("UPDATE trail SET body = body || ' ' WHERE {it} AND seq = 5", 5, "was edited"),
        ("UPDATE trail SET hash = sha256('x') WHERE {it} AND seq = 2", 2, "was edited"),
        ("UPDATE trail SET previous = sha256('x') WHERE {it} AND seq = 4", 4, "does not follow the entry before"),
        ("DELETE FROM trail WHERE {it} AND seq = 3", 4, "entry before it is missing"),
        ("DELETE FROM trail WHERE {it} AND seq = 1", 2, "entry before it is missing"),
        ("DELETE FROM trail WHERE {it} AND seq >= 4", 3, "trail ends at 3, thing is at version 5"),
        ("DELETE FROM trail WHERE {it}", 0, "trail ends at 0, thing is at version 5"),
        ("UPDATE things SET version = 4 WHERE id = :id", 5, "trail ends at 5, thing is at version 4"),
        ("DELETE FROM things WHERE id = :id", 1, "tells of a thing that does not exist"),
    ],
)
async def test_tampering_with_one_entry_is_named(
    probe: Probe, trails: list[UUID], statement: str, seq: int, problem: str
) -> None:
    (found,) = await tamper(probe, statement.replace("{it}", "aggregate_id = :id"), id=trails[1])
    assert (found.service, found.kind, found.aggregate_id) == (probe.name, "thing", trails[1])
    assert (found.seq, found.problem) == (seq, problem)


async def test_two_entries_that_changed_places_are_named(probe: Probe, trails: list[UUID]) -> None:
    move = "UPDATE trail SET seq = {new} WHERE aggregate_id = :id AND seq = {old}"
    steps = [move.format(old=old, new=new) for old, new in ((2, 99), (3, 2), (99, 3))]
    (found,) = await tamper(probe, *steps, id=trails[1])
    assert (found.aggregate_id, found.seq) == (trails[1], 2)
    assert found.problem == "does not follow the entry before"


async def test_an_edit_with_its_hash_computed_anew_shows_in_the_entry_after(probe: Probe, trails: list[UUID]) -> None:
    rows = {row.seq: row for row in await probe.rows(probe.tables.trail) if row.aggregate_id == trails[1]}
    forged = digest(trails[1], 3, "{}", rows[3].previous)
    (found,) = await tamper(
        probe,
        "UPDATE trail SET body = '{}', hash = :hash WHERE aggregate_id = :id AND seq = 3",
        id=trails[1],
        hash=forged,
    )
    assert (found.aggregate_id, found.seq, found.problem) == (trails[1], 4, "does not follow the entry before")


_FORGE = "INSERT INTO trail VALUES (:id, :seq, :kind, '{}', :previous, :hash)"


async def test_a_forged_entry_at_the_end_is_named(probe: Probe, trails: list[UUID]) -> None:
    """An insert needs no superuser: the trigger does not refuse it, the aggregate's version tells."""
    last = max(
        (row for row in await probe.rows(probe.tables.trail) if row.aggregate_id == trails[1]), key=lambda r: r.seq
    )
    forged = digest(trails[1], 6, "{}", last.hash)
    await probe.sql(_FORGE, id=trails[1], seq=6, kind="thing", previous=last.hash, hash=forged)
    (found,) = (await probe.verified()).violations
    assert (found.seq, found.problem) == (6, "trail ends at 6, thing is at version 5")


@pytest.mark.parametrize("kind", ["thing", "order"])
async def test_a_forged_trail_of_nothing_is_named(probe: Probe, trails: list[UUID], kind: str) -> None:
    nothing = new_id()
    await probe.sql(_FORGE, id=nothing, seq=1, kind=kind, previous=ORIGIN, hash=digest(nothing, 1, "{}", ORIGIN))
    (found,) = (await probe.verified()).violations
    assert (found.aggregate_id, found.kind, found.seq) == (nothing, kind, 1)
    assert found.problem == f"tells of a {kind} that does not exist"


async def test_an_entry_filed_under_another_kind_is_named(probe: Probe, trails: list[UUID]) -> None:
    (found,) = await tamper(probe, "UPDATE trail SET kind = 'order' WHERE aggregate_id = :id AND seq = 3", id=trails[1])
    assert (found.aggregate_id, found.kind, found.seq) == (trails[1], "order", 3)


async def test_of_many_bad_entries_in_a_chain_the_first_is_named_and_each_chain_once(
    probe: Probe, trails: list[UUID]
) -> None:
    found = await tamper(probe, "UPDATE trail SET body = '{}' WHERE seq >= 2 AND aggregate_id <> :id", id=trails[0])
    assert [(v.aggregate_id, v.seq) for v in found] == [(trails[1], 2), (trails[2], 2)]


@pytest.mark.parametrize("statement", ["UPDATE trail SET body = '{}'", "DELETE FROM trail", "TRUNCATE trail"])
async def test_the_database_refuses_to_change_a_trail(probe: Probe, trails: list[UUID], statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        await probe.sql(statement)
    assert (await probe.verified()).entries == 15


async def test_every_service_has_the_trigger(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        found = await connection.execute(
            sa.text(
                "SELECT c.relnamespace::regnamespace::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE c.relname = 'trail' AND t.tgname = 'trail_append_only' AND t.tgenabled = 'O'"
            )
        )
    assert sorted(found.scalars()) == ["dispatch", "intake", "registry", "supervision"]


async def test_a_hundred_thousand_entries_are_verified_in_few_statements(probe: Probe) -> None:
    """Written by the database itself, with a chain of the right hashes per thing."""
    await probe.sql(
        "INSERT INTO things SELECT gen_random_uuid(), 5, 'bulk ' || n FROM generate_series(1, 20000) n",
        """INSERT INTO trail
           WITH RECURSIVE chain AS (
               SELECT id, 1 AS seq, decode(repeat('00', 32), 'hex') AS previous,
                      sha256(decode(repeat('00', 32), 'hex') || uuid_send(id) || int4send(1) || '[1]'::bytea) AS hash
               FROM things
               UNION ALL
               SELECT id, seq + 1, hash,
                      sha256(hash || uuid_send(id) || int4send(seq + 1) || convert_to('[' || seq + 1 || ']', 'UTF8'))
               FROM chain WHERE seq < 5)
           SELECT id, seq, 'thing', '[' || seq || ']', previous, hash FROM chain""",
    )
    verified = await probe.verified()
    assert (verified.chains, verified.entries, verified.violations) == (20_000, 100_000, ())
