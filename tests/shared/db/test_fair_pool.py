"""Who waits for a connection gets one before those who came later; who gives up leaves none behind."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.db.engine import open_engine
from shared.db.fair_pool import FairQueue
from shared.http.health import run_checks
from tests.support.postgres import BlockingPostgres

POOL = 2


WAIT = 60.0
"""Seconds; longer than a busy machine takes for anything here, so that nobody gives up unasked."""


@pytest.fixture
async def engine(request: pytest.FixtureRequest, postgres_server: BlockingPostgres) -> AsyncIterator[AsyncEngine]:
    """Parametrised (indirectly) with the seconds to wait for a connection, else WAIT."""
    wait = getattr(request, "param", WAIT)
    engine = open_engine(postgres_server.url_of("postgres"), service="test", pool=POOL, pool_wait=wait)
    yield engine
    await engine.dispose()


async def hold(engine: AsyncEngine, until: asyncio.Event, held: asyncio.Semaphore | None = None) -> None:
    async with engine.connect():
        if held is not None:
            held.release()
        await until.wait()


async def all_held(engine: AsyncEngine, until: asyncio.Event) -> "list[asyncio.Task[None]]":
    held = asyncio.Semaphore(0)
    holders = [asyncio.create_task(hold(engine, until, held)) for _ in range(POOL)]
    for _ in holders:  # not the pool's word: it counts a connection from the moment in which it begins to be made
        await held.acquire()
    return holders


async def test_the_engine_takes_our_queue(engine: AsyncEngine) -> None:
    """SQLAlchemy does not promise that it may be replaced: told here, not by a crowd that waits for ever."""
    assert isinstance(cast("Any", engine.sync_engine.pool)._pool, FairQueue)


async def test_connections_go_to_those_who_wait_in_their_order(engine: AsyncEngine) -> None:
    """Each who is done asks again at once, as the next request does; nobody passes who came before."""
    release, asked, served = asyncio.Event(), list[int](), list[int]()
    holders = await all_held(engine, release)

    async def ask(number: int) -> None:
        asked.append(number)
        async with engine.connect() as connection:
            served.append(number)
            await connection.execute(sa.text("SELECT 1"))
        if number < 40:
            await ask(number + 20)

    asking = [asyncio.create_task(ask(number)) for number in range(20)]
    await asyncio.sleep(0.05)
    release.set()
    await asyncio.gather(*holders, *asking)
    assert len(asked) == 60
    assert served == asked  # not by number: with one connection slow, the other's next may ask twice in its time


async def test_who_asks_for_readiness_waits_before_all_others(engine: AsyncEngine) -> None:
    release, served = asyncio.Event(), list[str]()
    holders = await all_held(engine, release)

    async def ask(name: str) -> None:
        async with engine.connect():
            served.append(name)

    async def check() -> None:
        await ask("check")

    async def checked() -> None:
        assert (await run_checks({"database": check}))["database"]["ok"]

    crowd = [asyncio.create_task(ask("other")) for _ in range(20)]
    await asyncio.sleep(0.05)
    checking = asyncio.create_task(checked())
    await asyncio.sleep(0.05)
    crowd += [asyncio.create_task(ask("later")) for _ in range(5)]
    await asyncio.sleep(0.05)
    release.set()
    await asyncio.gather(*holders, *crowd, checking)
    assert served == ["check", *["other"] * 20, *["later"] * 5]


async def test_who_gives_up_waiting_leaves_its_turn_to_the_next(engine: AsyncEngine) -> None:
    release = asyncio.Event()
    holders = await all_held(engine, release)
    impatient = [asyncio.create_task(hold(engine, release)) for _ in range(5)]
    await asyncio.sleep(0.05)
    patient = [asyncio.create_task(hold(engine, release)) for _ in range(5)]
    await asyncio.sleep(0.05)
    for task in impatient:
        task.cancel()
    release.set()
    await asyncio.gather(*holders, *patient)
    assert [task.cancelled() for task in await settled(impatient)] == [True] * 5
    assert engine.pool.checkedout() == 0


async def test_one_that_is_cancelled_with_its_connection_in_hand_gives_it_back(engine: AsyncEngine) -> None:
    """Handed over and cancelled in the same turn of the loop: the connection goes on to the next."""
    for _ in range(2 * POOL):
        release = asyncio.Event()
        holders = await all_held(engine, release)
        unlucky = asyncio.create_task(hold(engine, release))
        await asyncio.sleep(0.02)
        returned = engine.pool._pool
        (turn,) = returned._waiting
        turn.add_done_callback(lambda _, task=unlucky: task.cancel())
        release.set()
        await asyncio.gather(*holders)
        await settled([unlucky])
        assert unlucky.cancelled()
    assert engine.pool.checkedout() == 0


@pytest.mark.parametrize("engine", [0.2], indirect=True)
async def test_waiting_has_its_limit(engine: AsyncEngine) -> None:
    release = asyncio.Event()
    holders = await all_held(engine, release)
    with pytest.raises(sa.exc.TimeoutError):
        await hold(engine, release)
    release.set()
    await asyncio.gather(*holders)
    async with engine.connect() as connection:
        assert (await connection.execute(sa.text("SELECT 1"))).scalar() == 1


async def settled(tasks: "list[asyncio.Task[None]]") -> "list[asyncio.Task[None]]":
    await asyncio.gather(*tasks, return_exceptions=True)
    return tasks
