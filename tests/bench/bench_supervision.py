"""What the watch costs: idle at many clocks, and firing when many are due at once. Prints one JSON object.

python -m tests.bench.bench_supervision [--clocks 100000] [--due 100000] [--workers 1]
"""

import argparse
import asyncio
import json
from datetime import timedelta
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from services.supervision.domain.clock import Kind, start
from services.supervision.handlers.fire_due import fire_due
from services.supervision.store.clocks import Origin
from services.supervision.store.tables import aggregates, tables, units
from services.supervision.store.unit_of_work import SupervisionUnitOfWork
from shared.change import Actor
from shared.clock import SetClock
from shared.db.engine import open_engine
from shared.db.migrate import migrate
from shared.db.unit_of_work import Database
from shared.ids import new_id
from shared.telemetry.context import continued
from shared.trail.verify import verify
from shared.units.projection import UnitProjection
from shared.worktime.calendar import china
from shared.worktime.limits import parse_limit
from tests.conftest import NOON
from tests.support.postgres import running_postgres

CHINA, LIMIT, BY = china(), parse_limit("4h"), Actor("bench", "service")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clocks", type=int, default=100_000, help="running clocks with nothing due")
    parser.add_argument("--due", type=int, default=100_000, help="clocks that become due at once")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    with running_postgres() as server:
        print(json.dumps(asyncio.run(_run(server.url, arguments)), indent=2))


async def _run(url: str, arguments: argparse.Namespace) -> dict[str, Any]:
    engine, clock = open_engine(url, service="bench"), SetClock(NOON)
    await migrate(engine, tables)
    database, projection = Database(engine, tables, clock), UnitProjection(units)

    def uow() -> SupervisionUnitOfWork:
        return SupervisionUnitOfWork(database, projection)

    # Those that become due have the earlier half of the index; the others lie a month ahead.
    loading = perf_counter()
    await _load(uow, arguments.due, NOON)
    loading = perf_counter() - loading
    await _multiply(engine, arguments.clocks)
    async with engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(sa.text("VACUUM ANALYZE"))
    idle = await _idle(uow)
    clock.set(NOON + LIMIT.duration * 0.8 + timedelta(seconds=1))  # type: ignore[union-attr]
    cpu = process_time()
    seconds = await _fire_all(uow, arguments.workers)
    cpu = process_time() - cpu
    after = await _idle(uow)
    async with engine.connect() as connection:
        verified = await verify(connection, tables, aggregates)
        told = await connection.scalar(sa.select(sa.func.count()).select_from(tables.outbox))
    await engine.dispose()
    assert told == arguments.due
    assert all(violation.seq == 0 for violation in verified.violations), "a chain is broken"
    return {
        "idle_clocks": arguments.clocks,
        "started_per_second": round(arguments.due / loading),
        "idle_poll_ms": idle,
        "idle_poll_after_firing_ms": after,
        "due": arguments.due,
        "workers": arguments.workers,
        "fired_per_second": round(arguments.due / seconds),
        # Of this process alone, so that a busy machine shows less; the database's own time comes on top.
        "cpu_us_per_step": round(cpu / arguments.due * 1e6, 1),
    }


async def _load(uow: Any, count: int, at: Any) -> None:
    """Clocks as the handler starts them, each with its trail."""
    for first in range(0, count, 1000):
        async with uow() as work:
            for i in range(first, min(first + 1000, count)):
                started = at + timedelta(microseconds=i)
                change = start(
                    clock_id=new_id(),
                    work_order_id=new_id(),
                    kind=Kind.RESOLVE,
                    unit=f"A3-{i % 200:03}",
                    limit=LIMIT,
                    started_at=started,
                    due_at=started + LIMIT.duration,  # type: ignore[union-attr]
                    at=started,
                    by=BY,
                    calendar=CHINA,
                )
                work.clocks.start(change, Origin(f"GD-{i}", "A3", 1, continued(None, None)))


async def _multiply(engine: AsyncEngine, count: int) -> None:
    """Clocks with nothing due for a month, written by the database itself (without trails: nothing fires them)."""
    columns = 'kind, since, number, area, unit, "limit", calendar, state, level, version'
    month = "interval '30 days' + n * interval '1 microsecond'"
    statement = sa.text(
        f"""INSERT INTO supervision.clocks (id, work_order_id, started_at, warn_at, due_at, next_at, {columns})
        SELECT gen_random_uuid(), gen_random_uuid(), started_at + {month}, warn_at + {month}, due_at + {month},
               next_at + {month}, {columns}
        FROM (SELECT * FROM supervision.clocks LIMIT 1) one, generate_series(:first, :last) n"""
    ).bindparams(sa.bindparam("first", type_=sa.Integer), sa.bindparam("last", type_=sa.Integer))
    for first in range(0, count, 50_000):
        async with engine.begin() as connection:
            await connection.execute(statement, {"first": first, "last": min(first + 50_000, count) - 1})


async def _idle(uow: Any) -> dict[str, float]:
    """One look of the watch with nothing due: a transaction with one query."""
    times = []
    for _ in range(200):
        started = perf_counter()
        async with uow() as work:
            await work.clocks.next_at()
        times.append((perf_counter() - started) * 1000)
    return {"p50": round(median(times), 3), "p99": round(quantiles(times, n=100)[98], 3)}


async def _fire_all(uow: Any, workers: int) -> float:
    async def worker() -> None:
        while True:
            async with uow() as work:
                fired = await fire_due(work)
            if fired is not None and not fired:
                return
            if fired is None:
                await asyncio.sleep(0.005)

    started = perf_counter()
    await asyncio.gather(*(worker() for _ in range(workers)))
    return perf_counter() - started


if __name__ == "__main__":
    main()
