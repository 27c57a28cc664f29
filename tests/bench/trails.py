"""(g) Verifying trails: every entry of every chain, recomputed by the database."""

import asyncio
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import sqlalchemy as sa

from shared.db.bulk import insert_rows, parameters
from shared.db.engine import open_patient_engine
from shared.ids import new_id
from shared.trail.entry import ORIGIN, entry
from shared.trail.verify import verify
from tests.bench.ground import Ground
from tests.bench.outcome import Aim, Outcome
from tests.bench.thing import Thing, create_tables, tables, things, told

CHAIN = 5
_GROUP = 1000
_ENTRY = ("aggregate_id", "seq", "kind", "body", "previous", "hash")


def run(ground: Ground) -> Outcome:
    entries, times = ground.size(200_000, 20_000), ground.size(5, 3)
    url = ground.postgres().url_of(ground.database())
    ground.say(f"writing {entries:,} trail entries")
    seconds = asyncio.run(_measure(url, entries, times))
    outcome = Outcome(
        compares="shared.trail.verify: hashes recomputed, chains and ends compared, as `gridgov verify-trail` does it",
        on=f"{entries:,} entries in chains of {CHAIN}; one connection, no parallel query; the median of {times} runs",
    )
    outcome.add("verified", entries / median(seconds), "entries/s", Aim(least=200_000))
    return outcome


async def _measure(url: str, entries: int, times: int) -> list[float]:
    engine = open_patient_engine(url, service="bench")
    await create_tables(engine)
    async with engine.begin() as connection:
        await connection.execute(sa.text("SET LOCAL synchronous_commit = off"))
        for _ in range(0, entries, _GROUP):
            rows, chains = [], []
            for _ in range(_GROUP // CHAIN):
                thing, previous = new_id(), ORIGIN
                for version in range(1, CHAIN + 1):
                    made = entry("thing", told(Thing(thing, version), datetime.now(UTC)), previous)
                    rows.append({name: getattr(made, name) for name in _ENTRY})
                    previous = made.hash
                chains.append({"id": thing, "version": CHAIN})
            await connection.execute(
                insert_rows(tables.trail, _ENTRY),
                parameters(tables.trail, {name: [row[name] for row in rows] for name in _ENTRY}),
            )
            await connection.execute(
                insert_rows(things, ("id", "version")),
                parameters(things, {name: [row[name] for row in chains] for name in ("id", "version")}),
            )
    async with engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(sa.text("VACUUM ANALYZE"))
    seconds = []
    for _ in range(times):
        async with engine.connect() as connection:
            begun = perf_counter()
            verified = await verify(connection, tables, {"thing": things})
            seconds.append(perf_counter() - begun)
        assert verified.entries == entries
        assert not verified.violations, verified.violations[:3]
    await engine.dispose()
    return seconds
