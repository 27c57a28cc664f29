"""The audit names a planted violation of each kind, that one and no other; and has nothing to say of a healthy past."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from gridgov.cli.audit import TITLES
from gridgov.local.postgres import BlockingPostgres
from gridgov.operations.invariants import audit
from gridgov.operations.load_log import read_acked
from gridgov.operations.reach import Installation
from gridgov.replay.acked import NotingClient, open_log
from gridgov.replay.client import Accepted, Client, Refused
from gridgov.replay.file import Row
from shared.audit.evidence import Acked, Violation
from shared.bus.port import Message
from shared.bus.postgres.bus import PostgresBus
from shared.errors import Invalid
from shared.events.topics import CLOCKS, REPORTS, WORK_ORDERS
from tests.gridgov.operations.conftest import Past
from tests.gridgov.operations.installation import LATER, evidence, installation


async def found(where: Installation, acked: list[Acked] | None = None, now: datetime = LATER) -> list[Violation]:
    async with evidence(where, now=now, acked=acked) as e:
        return await audit(e)


async def test_a_healthy_past_shows_nothing(where: Installation, past: Past) -> None:
    async with evidence(where, acked=past.acked) as e:
        assert await audit(e) == []
        assert e.checked["acked"] == e.checked["work_orders"] == 4
        assert e.checked["reports"] == e.checked["reports_told"] == 5
        assert e.checked["steps"] == e.checked["steps_told"] > 0
        assert 0 < e.checked["trail_heads"] < e.checked["trail_entries"]
        assert e.checked["offsets"] > 0
        assert e.checked["hazards"] == 1


def test_every_invariant_that_may_be_broken_has_a_line_in_the_answer() -> None:
    assert set(PLANTS.values()) <= set(TITLES)


async def test_an_empty_database_shows_nothing(migrated_server: BlockingPostgres, database_name: str) -> None:
    assert await found(installation(migrated_server, database_name)) == []


class Plant:
    """What a test may spoil, in the copy that `sql` edits."""

    def __init__(self, sql: asyncpg.Connection, bus: PostgresBus, past: Past) -> None:
        self.sql, self.bus, self.acked = sql, bus, list(past.acked)

    async def copy(self, topic: str, kind: str, **changed: Any) -> dict[str, Any]:
        """Send an event of `kind` once more under an id of its own, with some facts changed; what it said."""
        row = await self.sql.fetchrow(
            "SELECT key, value, headers FROM bus.message WHERE headers::json->>'ce_type' = $1 ORDER BY off LIMIT 1",
            kind,
        )
        said: dict[str, Any] = json.loads(row["value"])
        headers = {**json.loads(row["headers"]), "ce_id": str(uuid4())}
        producer = await self.bus.producer("stranger")
        await producer.send([Message(topic, row["key"], json.dumps({**said, **changed}).encode(), headers)])
        return said

    async def lost_answer(self) -> object:
        self.acked.append(Acked("k-9", uuid4(), "X-1"))
        return self.acked[-1].id

    async def other_number(self) -> object:
        first = self.acked[0]
        self.acked[0] = Acked(first.key, first.id, "X-1")
        return first.id

    async def two_answers_to_one_key(self) -> object:
        self.acked[1] = Acked(self.acked[0].key, self.acked[1].id, self.acked[1].number)
        await self.sql.execute("UPDATE intake.reports SET client_key = $1, caller = 'x' WHERE id = $2",
                               self.acked[0].key, self.acked[1].id)  # fmt: skip
        return self.acked[1].id

    async def two_reports_of_one_key(self) -> object:
        await self.sql.execute("DROP INDEX intake.reports_keys")
        ids = [acked.id for acked in self.acked[:2]]
        await self.sql.execute("UPDATE intake.reports SET client_key = 'twice' WHERE id = ANY ($1)", ids)
        self.acked.clear()
        return min(ids)

    async def two_work_orders(self) -> object:
        await self.sql.execute("ALTER TABLE dispatch.work_orders DROP CONSTRAINT work_orders_source_kind_source_id_key")
        one, other = (acked.id for acked in self.acked[:2])
        columns = await self.sql.fetchval(
            "SELECT string_agg(quote_ident(column_name), ',') FROM information_schema.columns WHERE table_schema ="
            " 'dispatch' AND table_name = 'work_orders' AND column_name NOT IN ('id', 'number', 'version')"
        )
        # A second row for the report, with a trail entry of its own, as a second work order would have.
        await self.sql.execute(
            f"INSERT INTO dispatch.work_orders (id, number, version, {columns}) SELECT $1, 'second', 1, {columns}"
            " FROM dispatch.work_orders WHERE source_id = $2", new := uuid4(), one)  # fmt: skip
        await self.sql.execute(
            "INSERT INTO dispatch.trail SELECT $1, 1, 'work_order', '{}', decode(repeat('00', 32), 'hex'),"
            " sha256(decode(repeat('00', 32), 'hex') || uuid_send($1) || int4send(1) || '{}'::bytea)", new)  # fmt: skip
        assert other != one
        return one

    async def a_second_work_order_told_of(self) -> object:
        said = await self.copy(WORK_ORDERS, "gridgov.work_order.opened.v1", work_order_id=str(uuid4()))
        return said["sources"][0]["id"]

    async def submitted_twice(self) -> object:
        return (await self.copy(REPORTS, "gridgov.report.submitted.v1", version=9))["report_id"]

    async def submitted_never(self) -> object:
        row = await self.sql.fetchrow(
            "DELETE FROM bus.message WHERE headers::json->>'ce_type' = 'gridgov.report.submitted.v1'"
            " AND key = $1 RETURNING key", str(self.acked[2].id))  # fmt: skip
        return row["key"]

    async def submitted_of_nothing(self) -> object:
        ghost = str(uuid4())
        await self.copy(REPORTS, "gridgov.report.submitted.v1", report_id=ghost)
        return ghost

    async def no_work_order(self) -> object:
        report = self.acked[3].id
        order = await self.sql.fetchval("DELETE FROM dispatch.work_orders WHERE source_id = $1 RETURNING id", report)
        await self.sql.execute("DELETE FROM dispatch.trail WHERE aggregate_id = $1", order)
        # Else the topic would still tell of the trail that is gone, which invariant 7 sees.
        await self.sql.execute(
            "UPDATE bus.message SET headers = (headers::jsonb - 'ce_trail')::text WHERE key = $1", str(order))  # fmt: skip
        return report

    async def a_report_behind_its_work_order(self) -> object:
        report = self.acked[1].id
        await self.sql.execute("UPDATE intake.reports SET status = 'triaged' WHERE id = $1", report)
        return report

    async def a_closed_work_order_whose_report_is_open(self) -> object:
        report = self.acked[2].id
        await self.sql.execute(
            "UPDATE dispatch.work_orders SET closed_at = $1 WHERE source_id = $2", LATER, report)  # fmt: skip
        return report

    async def a_hazard_without_a_work_order(self) -> object:
        await self.sql.execute("UPDATE dispatch.work_orders SET hazard_id = NULL WHERE hazard_id IS NOT NULL")
        return await self.sql.fetchval("SELECT id FROM registry.hazards")

    async def a_hazard_that_is_resolved_on_one_side(self) -> object:
        return await self.sql.fetchval(
            "UPDATE dispatch.work_orders SET state = 'resolved' WHERE hazard_id IS NOT NULL RETURNING hazard_id"
        )

    async def a_hazard_with_another_deadline(self) -> object:
        return await self.sql.fetchval(
            "UPDATE registry.hazards SET rectify_due_at = rectify_due_at + interval '1 day' RETURNING id"
        )

    async def a_version_back(self) -> object:
        key = await self.sql.fetchval(
            "SELECT key FROM bus.message WHERE headers::json->>'ce_type' = 'gridgov.work_order.moved.v1'"
        )
        row = await self.sql.fetchrow(
            "SELECT value, headers FROM bus.message WHERE key = $1 AND headers::json->>'ce_type' ="
            " 'gridgov.work_order.opened.v1'", key)  # fmt: skip
        headers = {**json.loads(row["headers"]), "ce_id": str(uuid4())}
        await (await self.bus.producer("stranger")).send([Message(WORK_ORDERS, key, row["value"], headers)])
        return key

    async def a_step_told_twice(self) -> object:
        return (await self.copy(CLOCKS, "gridgov.clock.warned.v1", version=99))["clock_id"]

    async def a_step_never_told(self) -> object:
        value = await self.sql.fetchval(
            "DELETE FROM bus.message WHERE (part, off) = (SELECT part, off FROM bus.message"
            " WHERE headers::json->>'ce_type' = 'gridgov.clock.reminded.v1' LIMIT 1) RETURNING value"
        )
        return json.loads(value)["clock_id"]

    async def a_step_missing(self) -> object:
        return await self.sql.fetchval(
            "UPDATE supervision.clocks SET warn_at = $1, next_at = $1 WHERE id = (SELECT id FROM supervision.clocks"
            " WHERE state = 'running' AND level = 0 AND due_at > $2 LIMIT 1) RETURNING id",
            LATER - timedelta(minutes=1), LATER)  # fmt: skip

    async def a_step_after_the_end(self) -> object:
        return await self.sql.fetchval(
            "UPDATE supervision.clocks SET state = 'stopped', ended_at = started_at, next_at = NULL"
            " WHERE id = (SELECT id FROM supervision.clocks WHERE level = 1 OR due_at = warn_at LIMIT 1) RETURNING id"
        ) or await self.sql.fetchval(
            "UPDATE supervision.clocks SET state = 'stopped', ended_at = due_at - interval '1 second', next_at = NULL,"
            " warn_at = started_at WHERE id = (SELECT id FROM supervision.clocks WHERE level = 2 LIMIT 1) RETURNING id"
        )

    async def an_edited_trail(self) -> object:
        return await self.sql.fetchval(
            "UPDATE intake.trail SET body = replace(body, 'service', 'nobody') WHERE aggregate_id = $1 AND seq = 1"
            " RETURNING aggregate_id", self.acked[0].id)  # fmt: skip

    async def a_trail_rewritten_with_its_hashes(self) -> object:
        return await self.sql.fetchval(
            "UPDATE dispatch.trail SET body = '{}', hash = sha256(previous || uuid_send(aggregate_id) || int4send(seq)"
            " || '{}'::bytea) WHERE aggregate_id = (SELECT id FROM dispatch.work_orders WHERE source_id = $1)"
            " RETURNING aggregate_id", self.acked[1].id)  # fmt: skip

    async def a_trail_cut_with_the_version_put_back(self) -> object:
        order = await self.sql.fetchval(
            "UPDATE dispatch.work_orders SET version = version - 1 WHERE source_id = $1 RETURNING id",
            self.acked[0].id)  # fmt: skip
        await self.sql.execute("DELETE FROM dispatch.trail WHERE aggregate_id = $1 AND seq > 1", order)
        return order

    async def an_effect_undone(self) -> object:
        return await self.sql.fetchval(
            "DELETE FROM dispatch.processed_events WHERE event_id IN (SELECT (headers::json->>'ce_id')::uuid FROM bus.message"
            " WHERE headers::json->>'ce_type' = 'gridgov.report.triaged.v1' AND key = $1) RETURNING event_id",
            str(self.acked[0].id))  # fmt: skip

    async def poison_passed_over(self) -> object:
        place = await self.sql.fetchrow(
            "WITH gone AS (DELETE FROM bus.message WHERE headers::json->>'dead_group' = 'dispatch' RETURNING headers)"
            " SELECT headers::json->>'dead_topic' AS topic, headers::json->>'dead_partition' AS part,"
            " headers::json->>'dead_offset' AS off FROM gone"
        )
        return f"{place['topic']}/{place['part']}/{place['off']}"


PLANTS: dict[Callable[[Plant], Awaitable[object]], int] = {
    Plant.lost_answer: 1,
    Plant.other_number: 1,
    Plant.two_answers_to_one_key: 2,
    Plant.two_reports_of_one_key: 2,
    Plant.two_work_orders: 2,
    Plant.a_second_work_order_told_of: 2,
    Plant.submitted_twice: 3,
    Plant.submitted_never: 3,
    Plant.submitted_of_nothing: 3,
    Plant.no_work_order: 4,
    Plant.a_report_behind_its_work_order: 4,
    Plant.a_closed_work_order_whose_report_is_open: 4,
    Plant.a_hazard_without_a_work_order: 10,
    Plant.a_hazard_that_is_resolved_on_one_side: 10,
    Plant.a_hazard_with_another_deadline: 10,
    Plant.a_version_back: 5,
    Plant.a_step_told_twice: 6,
    Plant.a_step_never_told: 6,
    Plant.a_step_missing: 6,
    Plant.a_step_after_the_end: 6,
    Plant.an_edited_trail: 7,
    Plant.a_trail_rewritten_with_its_hashes: 7,
    Plant.a_trail_cut_with_the_version_put_back: 7,
    Plant.an_effect_undone: 8,
    Plant.poison_passed_over: 8,
}


@pytest.mark.parametrize(("plant", "invariant"), PLANTS.items(), ids=lambda it: getattr(it, "__name__", ""))
async def test_a_planted_violation_is_named_and_no_other(
    plant: Callable[[Plant], Awaitable[object]],
    invariant: int,
    where: Installation,
    sql: asyncpg.Connection,
    past: Past,
    migrated_server: BlockingPostgres,
    copied: str,
) -> None:
    bus = PostgresBus(migrated_server.dsn_of(copied))
    await bus.start()
    try:
        spoiler = Plant(sql, bus, past)
        about = await plant(spoiler)
        assert about is not None
        violations = await found(where, spoiler.acked)
    finally:
        await bus.close()
    assert [(v.invariant, v.id) for v in violations] == [(invariant, str(about))]


def test_a_load_log_that_is_none_is_refused_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "acked").write_text(f'{{"key": "k", "id": "{uuid4()}", "number": "n"}}\n{{"key": 1}}\n')
    with pytest.raises(Invalid, match="entry 2"):
        read_acked(tmp_path / "acked")


async def test_what_a_replay_notes_is_what_the_audit_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken, refused = Row(2, "1", "t", "taken", None), Row(3, "2", "t", "refused", None)
    answers = {taken.key: Accepted(str(uuid4()), "A-1", repeated=False), refused.key: Refused("no", "不", "no")}

    async def answer(_: Client, row: Row) -> Accepted | Refused:
        return answers[row.key]

    monkeypatch.setattr(Client, "submit", answer)
    with open_log(tmp_path / "acked") as log:
        async with NotingClient("http://127.0.0.1:9", lambda: "token", log) as client:
            for row in (taken, refused, taken):
                await client.submit(row)
    acked = read_acked(tmp_path / "acked")
    assert [(a.key, str(a.id), a.number) for a in acked] == [(taken.key, answers[taken.key].id, "A-1")] * 2
