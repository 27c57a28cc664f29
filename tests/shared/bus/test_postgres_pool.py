"""The connections of the PostgreSQL bus: shared, bounded, and none stays that something went wrong on."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from gridgov.local.postgres import BlockingPostgres
from shared.bus.port import BusUnavailable
from shared.bus.postgres.pool import Pool

pytestmark = pytest.mark.anyio

_SESSION = "SELECT pg_backend_pid()"


@pytest.fixture
async def pool(migrated_server: BlockingPostgres, probe_database: str) -> AsyncIterator[Pool]:
    pool = Pool(migrated_server.dsn_of(probe_database), size=2, timeout=5)
    await pool.open()
    yield pool
    await pool.close()


async def session(pool: Pool) -> int:
    return int((await pool.fetch(_SESSION))[0][0])


async def test_one_connection_serves_one_statement_after_the_other(pool: Pool) -> None:
    assert len({await session(pool) for _ in range(5)}) == 1


async def test_who_finds_all_connections_lent_waits_for_one(pool: Pool) -> None:
    rows = await asyncio.gather(*(pool.fetch("SELECT pg_backend_pid(), pg_sleep(0.05)") for _ in range(6)))
    assert len({row[0][0] for row in rows}) == 2


async def test_a_refused_statement_takes_only_its_own_connection_with_it(pool: Pool) -> None:
    first = await session(pool)
    with pytest.raises(asyncpg.UndefinedTableError):
        await pool.fetch("SELECT * FROM nowhere")
    assert await session(pool) != first


async def test_a_connection_that_the_server_ended_is_replaced(pool: Pool) -> None:
    first = await session(pool)
    with pytest.raises(BusUnavailable):
        await pool.fetch("SELECT pg_terminate_backend(pg_backend_pid())")
    assert await session(pool) != first


async def test_a_statement_given_up_half_way_has_ended_on_the_server_too(pool: Pool) -> None:
    asked = asyncio.create_task(pool.fetch("SELECT pg_sleep(30), 'half-way'"))
    running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%half-way%' AND pid <> $1"

    async def others() -> int:
        async with pool.connection() as connection:
            return int(await connection.fetchval(running, await connection.fetchval(_SESSION)))

    while not await others():
        await asyncio.sleep(0.01)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert await others() == 0


async def test_closing_lets_who_has_a_connection_finish_and_refuses_who_waits_for_one(pool: Pool) -> None:
    having = [asyncio.create_task(pool.fetch("SELECT pg_sleep(0.3)")) for _ in range(2)]
    await asyncio.sleep(0.1)
    waiting = asyncio.create_task(pool.fetch(_SESSION))
    await asyncio.sleep(0)
    await pool.close()
    await asyncio.gather(*having)
    for refused in (waiting, pool.fetch(_SESSION)):
        with pytest.raises(BusUnavailable, match="closed"):
            await refused


async def test_a_closed_pool_can_be_opened_again(pool: Pool) -> None:
    await pool.close()
    await pool.open()
    assert await session(pool)
