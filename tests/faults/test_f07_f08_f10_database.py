"""F7, F8, F10: PostgreSQL restarts, is away, throws everybody out, takes no writes, or waits for somebody's transaction."""

import asyncio
import random
import signal
import time
from pathlib import Path

import asyncpg
import httpx2
import pytest

from gridgov.cluster.databases import name_of
from gridgov.local.postgres import dsn_of
from services.manifest import SERVICES
from tests.faults.conftest import ALL
from tests.faults.figures import Figures
from tests.faults.load import Load
from tests.faults.rig import Rig
from tests.support.cluster import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400)]
AWAY_SECONDS = 60.0 if ALL else 4.0
OPEN_SECONDS = 30.0
WORKING = tuple(f"{service}-{role}-1" for service in SERVICES for role in ("api", "worker"))


def pids(rig: Rig) -> dict[str, int]:
    return {name: part["pid"] for name, part in rig.cluster.parts().items() if name in WORKING}


def refused(rig: Rig) -> httpx2.Response:
    """The answer to a report that cannot be taken now."""
    return rig.cluster.report(f"refused-{time.monotonic_ns()}")


def recovers(rig: Rig, load: Load) -> float:
    """Seconds from now, when the fault is healed, until a report is taken again."""
    healed = time.monotonic()
    load.wait_acked(1, 30)
    return time.monotonic() - healed


@pytest.mark.fault("F7", "PostgreSQL stopped at once and started again, three times; then away", short=True)
def test_a_database_that_is_away_costs_time_only(rig: Rig, figures: Figures, seed: int, tmp_path: Path) -> None:
    chance, before = random.Random(seed), pids(rig)
    with rig.load(tmp_path, seed) as load:
        for _ in range(3 if ALL else 1):
            time.sleep(chance.uniform(0.2, 1.0))
            rig.signal("postgres", signal.SIGQUIT)  # what pg_ctl stop -m immediate sends
            load.wait_acked(10)
        restart_gap = load.longest_gap
        rig.database.down()
        assert eventually(lambda: rig.probe("intake-api-1", "readyz") == 503, 20), "ready without its database"
        answer = refused(rig)
        assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0, answer.text
        time.sleep(AWAY_SECONDS)
        assert {rig.probe(name, "livez") for name in WORKING} == {200}, "not alive without its database"
        rig.database.heal()
        back = recovers(rig, load)
        assert eventually(lambda: all(rig.ready(name) for name in WORKING), 30)
    verdict = rig.verdict(load)
    figures.note(acked=verdict.acked, restart_gap_s=restart_gap, back_after_s=back, settled_s=verdict.settled)
    assert pids(rig) == before, "something had to be restarted"


@pytest.mark.fault("F8", "every connection ended by the server, again and again; then a database that takes no writes")
def test_connections_that_are_ended_and_a_read_only_database(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    chance, before, ended = random.Random(seed), pids(rig), 0
    with rig.load(tmp_path, seed) as load:
        for _ in range(8):
            time.sleep(chance.uniform(0.2, 1.0))
            ended += len(
                rig.query(
                    "intake",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'gridgov_%'",
                )
            )
        load.wait_acked(5)
        _read_only(rig, value="on")
        answer = refused(rig)
        assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0, answer.text
        time.sleep(3)
        _read_only(rig, value="off")
        back = recovers(rig, load)
    verdict = rig.verdict(load)
    figures.note(acked=verdict.acked, connections_ended=ended, back_after_s=back, settled_s=verdict.settled)
    assert pids(rig) == before, "something had to be restarted"


def _read_only(rig: Rig, *, value: str) -> None:
    """Of connections that are open already, too."""
    rig.query("intake", f"ALTER SYSTEM SET default_transaction_read_only = {value}")
    rig.query("intake", "SELECT pg_reload_conf()")
    time.sleep(0.5)


@pytest.mark.fault("F10", "a transaction that wrote an event first and commits last")
def test_events_behind_a_transaction_that_stays_open_are_late_at_most(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    """A row of the outbox with a lower id than those already sent appears late, and must still be sent."""
    with rig.load(tmp_path, seed) as load:
        marker = asyncio.run(_held_open(rig, load))
        committed = time.monotonic()
        assert eventually(
            lambda: not rig.query("intake", "SELECT 1 FROM intake.outbox WHERE headers LIKE $1", f"%{marker}%"), 30
        ), "what the long transaction wrote was never sent"
        late = time.monotonic() - committed
    verdict = rig.verdict(load)
    told = [record for record in rig.records("gridgov.intake.reports") if marker in record.headers.values()]
    assert len(told) == 1
    figures.note(acked=verdict.acked, held_open_s=OPEN_SECONDS, sent_after_commit_s=late, settled_s=verdict.settled)


async def _held_open(rig: Rig, load: Load) -> str:
    """Write an event again under a type nobody knows, from a transaction that ends long after later ones."""
    connection = await asyncpg.connect(dsn_of(rig.state, name_of("intake")))
    marker = f"long-{load.run}"
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "INSERT INTO intake.outbox (topic, key, value, headers, at)"
            " VALUES ('gridgov.intake.reports', $1, '{\"version\": 1}', $2, now())",
            marker, f'{{"ce_id": "{marker}", "ce_type": "report.imagined.v1", "ce_source": "test"}}',
        )  # fmt: skip
        before = len(load.acked)
        await asyncio.sleep(OPEN_SECONDS)
        assert len(load.acked) > before, "reports wait for somebody else's transaction"
        waiting = await connection.fetchval("SELECT count(*) FROM intake.outbox")
        assert waiting < 100, "the relay waits for somebody else's transaction"
        await transaction.commit()
    finally:
        await connection.close()
    return marker
