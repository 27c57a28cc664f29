"""(e) What the watch costs: one look with nothing due at a million clocks, and taking steps when many are due at once."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter, process_time

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from services.supervision.audit import aggregates
from services.supervision.clocks.clock import Clock
from services.supervision.clocks.store import Clocks
from services.supervision.clocks.take_due_steps import take_due_steps
from services.supervision.schema import tables
from shared.bus.batch import Batch
from shared.change import Actor, Change
from shared.clock import SetClock
from shared.db.engine import open_engine
from shared.db.outbox.heard import note_until
from shared.db.unit_of_work import Database, UnitOfWork
from shared.events.codec import Envelope
from shared.events.dispatch.work_orders import WorkOrdersTold
from shared.ids import new_id
from shared.telemetry.context import bound, continued
from shared.trail.verify import verify
from tests.bench.ground import Ground
from tests.bench.outcome import Aim, Outcome, percentile
from tests.conftest import NOON

LIMIT, BY = timedelta(hours=4), Actor("bench", "service")
Uow = Callable[[], UnitOfWork]


def run(ground: Ground) -> Outcome:
    many, due = ground.size(1_000_000, 50_000), ground.size(100_000, 10_000)
    url = ground.postgres().url_of(ground.database("supervision"))
    figures = asyncio.run(_measure(ground, url, many, due))
    outcome = Outcome(
        compares=(
            "one look of the watch while nothing is due (a transaction with one query), and steps per second when many"
            " are due at once: row, trail entry and event of each, in one transaction per batch, oldest first, every chain verified"
            " afterwards"
        ),
        on=f"{many:,} running clocks of which {due:,} become due; PostgreSQL durable; one worker; Python and database share the CPUs",
    )
    outcome.add("idle look p50", figures["idle p50"], "ms", Aim(most=2))
    outcome.add("idle look p99", figures["idle p99"], "ms")
    outcome.add("taken", figures["taken"], "steps/s", Aim(least=20_000))
    outcome.add("this process's CPU per step", figures["cpu"], "µs")
    outcome.add("clocks started", figures["started"], "/s")
    return outcome


async def _measure(ground: Ground, url: str, many: int, due: int) -> dict[str, float]:
    engine, clock = open_engine(url, service="bench"), SetClock(NOON)
    database = Database(engine, tables, clock)

    def uow() -> UnitOfWork:
        return UnitOfWork(database)

    # Those that become due have the earlier half of the index; the others lie a month ahead.
    ground.say(f"starting {due:,} clocks")
    loading = perf_counter()
    await _load(uow, due, NOON)
    loading = perf_counter() - loading
    ground.say(f"and {many - due:,} more")
    await _multiply(engine, many - due)
    async with engine.connect() as connection:
        quiet = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await quiet.execute(sa.text("SET statement_timeout = 0"))
        await quiet.execute(sa.text("VACUUM ANALYZE supervision.clocks, supervision.trail, supervision.outbox"))
        await quiet.execute(sa.text("CHECKPOINT"))
        await quiet.execute(sa.text("RESET statement_timeout"))
    async with uow() as work:
        until = NOON + LIMIT
        marks = [WorkOrdersTold(partition=n, partitions=12, own=until, until=until) for n in range(12)]
        await note_until(Batch([Envelope(new_id(), mark) for mark in marks]), work)
    idle = await _idle(uow)
    clock.set(NOON + LIMIT * 0.8 + timedelta(seconds=1))
    ground.say("taking steps")
    cpu, begun = process_time(), perf_counter()
    taken = 0
    while steps := await _take(uow):
        taken += steps
    seconds, cpu = perf_counter() - begun, process_time() - cpu
    async with engine.connect() as connection:
        verified = await verify(connection, tables, aggregates)
        told = await connection.scalar(sa.select(sa.func.count()).select_from(tables.outbox))
    await engine.dispose()
    assert taken == told == due
    assert all(violation.seq == 0 for violation in verified.violations), "a chain is broken"
    return {
        "idle p50": median(idle),
        "idle p99": percentile(idle, 99),
        "taken": taken / seconds,
        "cpu": cpu / taken * 1e6,
        "started": due / loading,
    }


async def _load(uow: Uow, count: int, at: datetime) -> None:
    """Clocks as the handler starts them, each with its trail."""
    for first in range(0, count, 1000):
        async with uow() as work:
            for i in range(first, min(first + 1000, count)):
                started = at + timedelta(microseconds=i)
                clock = Clock(
                    id=new_id(), thing="work_order", thing_id=new_id(), name="resolve", number=f"GD-{i}",
                    area="A3-09", street="A3", unit=f"A3-{i % 200:03}", limit="4h",
                    started_at=started, warn_at=started + LIMIT * 0.8, due_at=started + LIMIT,
                )  # fmt: skip
                with bound(continued(None, None)):
                    Clocks.of(work).start(Change(clock, "start", BY, started))


async def _multiply(engine: AsyncEngine, count: int) -> None:
    """Clocks with nothing due for a month, written by the database itself (without trails: nothing steps them)."""
    columns = 'thing, name, number, area, street, unit, "limit", state, level, version'
    month = "interval '30 days' + n * interval '1 microsecond'"
    statement = sa.text(
        f"""INSERT INTO supervision.clocks (id, thing_id, started_at, warn_at, due_at, next_at, {columns})
        SELECT gen_random_uuid(), gen_random_uuid(), started_at + {month}, warn_at + {month}, due_at + {month},
               next_at + {month}, {columns}
        FROM (SELECT * FROM supervision.clocks LIMIT 1) one, generate_series(:first, :last) n"""
    ).bindparams(sa.bindparam("first", type_=sa.Integer), sa.bindparam("last", type_=sa.Integer))
    for first in range(0, count, 50_000):
        async with engine.begin() as connection:
            await connection.execute(sa.text("SET LOCAL synchronous_commit = off"))
            await connection.execute(statement, {"first": first, "last": min(first + 50_000, count) - 1})


async def _idle(uow: Uow) -> list[float]:
    """One look of the watch with nothing due, in ms."""
    times = []
    for _ in range(300):
        begun = perf_counter()
        async with uow() as work:
            await Clocks.of(work).ahead(work.now)
        times.append((perf_counter() - begun) * 1000)
    return times[100:]


async def _take(uow: Uow) -> int:
    async with uow() as work:
        return len(await take_due_steps(work) or ())
