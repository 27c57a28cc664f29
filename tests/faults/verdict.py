"""What every fault ends with: all that follows has followed, `gridgov audit` finds nothing, and so do our own counts.

The counts read the databases as their superuser and share no code with the audit.
"""

import asyncio
import json
import os
import subprocess
import time
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from gridgov.cluster.databases import name_of
from gridgov.local.postgres import dsn_of
from gridgov.local.state import StateDirectory
from services.manifest import SERVICES
from tests.faults.load import Load
from tests.support.cluster import COMMAND, ROOT

SETTLES_WITHIN: Final = 90.0
"""T of invariant 11, in seconds: once the fault is healed, everything under way has arrived by then."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`settled` is how long it took after the load ended; `checked` what the audit looked at."""

    acked: int
    settled: float
    checked: dict[str, int]


def judged(state: StateDirectory, load: Load) -> Verdict:
    """Raises AssertionError that names what is wrong."""
    assert load.offences == [], load.offences[:10]
    assert load.unanswered == [], f"{len(load.unanswered)} reports never answered: {load.unanswered[:5]}"
    settled = wait_settled(state)
    count(state, load)
    found = audit(state, load)
    assert found["violations"] == [], found["violations"][:10]
    return Verdict(len(load.acked), settled, found["checked"])


def query(state: StateDirectory, service: str, statement: str, *values: Any) -> list[Any]:
    """Rows of one statement, read as the superuser, who does not come through any proxy."""

    async def ask() -> list[Any]:
        connection = await asyncpg.connect(dsn_of(state, name_of(service)), timeout=10)
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    return asyncio.run(ask())


def under_way(state: StateDirectory) -> dict[str, int]:
    """What has not arrived yet, by name; empty when nothing moves any more."""
    found = {}
    for service in SERVICES:
        (row,) = query(state, service, f"SELECT count(*) FROM {service}.outbox")
        found[f"{service}.outbox"] = row[0]
    (row,) = query(state, "intake", "SELECT count(*) FROM intake.reports WHERE status IN ('received', 'triaged')")
    found["reports without an end"] = row[0]
    orders = query(state, "dispatch", "SELECT id, version, source_id, state FROM dispatch.work_orders")
    closed = [row["source_id"] for row in orders if row["state"] == "closed"]
    (row,) = query(
        state, "intake", "SELECT count(*) FROM intake.reports WHERE id = ANY($1) AND status <> 'closed'", closed
    )
    found["reports behind their closed work order"] = row[0]
    watched = dict(query(state, "supervision", "SELECT id, version FROM supervision.things"))
    found["work orders not watched"] = sum(watched.get(row["id"]) != row["version"] for row in orders)
    return {name: number for name, number in found.items() if number}


def wait_settled(state: StateDirectory) -> float:
    """Seconds until nothing was under way any more."""
    begun, left = time.monotonic(), {"": 1}
    while left:
        try:
            left = under_way(state)
        except (OSError, asyncpg.PostgresError):  # it is starting again
            left = {"database": 1}
        assert time.monotonic() - begun < SETTLES_WITHIN, f"after {SETTLES_WITHIN:.0f} s still under way: {left}"
        if left:
            time.sleep(0.1)
    return time.monotonic() - begun


def count(state: StateDirectory, load: Load) -> None:
    """Invariants 1, 2 and 4 by hand: what was acknowledged is there once, and each has its one work order."""
    rows = query(
        state, "intake", "SELECT id, client_key, status FROM intake.reports WHERE client_key LIKE $1", f"{load.run}-%"
    )
    stored = {row["client_key"]: row for row in rows}
    assert len(stored) == len(rows), "a key has two reports"
    missing = [key for key, report in load.acked.items() if key not in stored or str(stored[key]["id"]) != report]
    assert missing == [], f"acknowledged and lost: {missing[:5]}"
    dispatched = {row["id"] for row in rows if row["status"] not in ("needs_review", "rejected")}
    orders = query(
        state, "dispatch", "SELECT source_id FROM dispatch.work_orders WHERE source_id = ANY($1)",
        [UUID(str(row["id"])) for row in rows],
    )  # fmt: skip
    assert len(orders) == len({row["source_id"] for row in orders}), "a report has two work orders"
    assert {row["source_id"] for row in orders} == dispatched, "a report has no work order"


def audit(state: StateDirectory, load: Load) -> dict[str, Any]:
    """`gridgov audit --json --acked LOG`, as its user runs it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GRIDGOV_", "DATABASE_URL"))}
    ran = subprocess.run(
        [*COMMAND, "audit", "--json", "--within", "60", "--acked", str(load.log)],
        cwd=ROOT, env={**clean, "GRIDGOV_STATE": str(state.path)}, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
    assert ran.stdout, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found
