"""Which failures are worth another try: as PostgreSQL, the driver and the pool really raise them."""

import asyncio
import errno
from collections.abc import AsyncIterator

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from gridgov.local.postgres import BlockingPostgres
from shared.db.transient import is_transient

pytestmark = pytest.mark.anyio


@pytest.fixture
async def plain(postgres_server: BlockingPostgres) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(postgres_server.url_of("postgres"), pool_size=1, max_overflow=0, pool_timeout=0.1)
    yield engine
    await engine.dispose()


async def failure(engine: AsyncEngine, *statements: str) -> BaseException:
    with pytest.raises(Exception) as caught:
        async with engine.begin() as connection:
            for statement in statements:
                await connection.execute(sa.text(statement))
    return caught.value


@pytest.mark.parametrize(
    "statements",
    [
        ("SET LOCAL statement_timeout = '10ms'", "SELECT pg_sleep(5)"),
        ("SELECT pg_terminate_backend(pg_backend_pid())",),
        ("SET TRANSACTION READ ONLY", "CREATE TABLE never (id int)"),
    ],
    ids=["statement timeout", "terminated backend", "read-only database"],
)
async def test_what_passes_by_itself_is_transient(plain: AsyncEngine, statements: tuple[str, ...]) -> None:
    assert is_transient(await failure(plain, *statements))


@pytest.mark.parametrize(
    "statement", ["SELECT 1/0", "SELECT * FROM no_such_table", "SELECT 'x'::int", "SELECT"[:4]], ids=str
)
async def test_what_the_statement_itself_gets_wrong_is_not(plain: AsyncEngine, statement: str) -> None:
    assert not is_transient(await failure(plain, statement))


@pytest.mark.parametrize("state", ["40001", "40P01", "53100", "53300", "57P01", "57P02", "57P03", "55P03", "08006"])
async def test_a_state_raised_by_the_server_is_transient(plain: AsyncEngine, state: str) -> None:
    raised = await failure(plain, f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")
    assert is_transient(raised), raised


@pytest.mark.parametrize("state", ["23505", "23514", "22001", "42501", "P0001"])
async def test_constraints_and_wrong_data_are_not(plain: AsyncEngine, state: str) -> None:
    assert not is_transient(await failure(plain, f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))


async def test_a_pool_with_no_connection_left_is_transient(plain: AsyncEngine) -> None:
    async with plain.connect():
        assert is_transient(await failure(plain, "SELECT 1"))


async def test_a_server_that_is_not_there_is_transient() -> None:
    for url in (
        "postgresql+asyncpg://nobody@127.0.0.1:1/none",
        "postgresql+asyncpg://nobody@/none?host=/no/such/directory",
    ):
        engine = create_async_engine(url)
        assert is_transient(await failure(engine, "SELECT 1")), url
        await engine.dispose()


async def test_using_a_connection_that_was_closed_meanwhile_is_transient(plain: AsyncEngine) -> None:
    with pytest.raises(Exception) as caught:
        async with plain.connect() as connection:
            raw = await connection.get_raw_connection()
            driver = raw.driver_connection
            assert driver is not None
            driver.terminate()
            await asyncio.sleep(0.05)
            await connection.execute(sa.text("SELECT 1"))
    assert is_transient(caught.value), repr(caught.value)


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (TimeoutError(), True),
        (ConnectionResetError(), True),
        (OSError(errno.ENOSPC, "full"), True),
        (PermissionError(), False),
        (IsADirectoryError(), False),
        (ValueError(), False),
        (KeyError("x"), False),
        (AssertionError(), False),
        (ExceptionGroup("both", [TimeoutError(), ConnectionError()]), True),
        (ExceptionGroup("mixed", [TimeoutError(), ValueError()]), False),
    ],
    ids=repr,
)
async def test_errors_of_the_system_are_transient_and_errors_of_the_program_are_not(
    error: BaseException, *, transient: bool
) -> None:
    assert is_transient(error) is transient


async def test_whatever_a_terminated_connection_says_next_is_transient(postgres_server: BlockingPostgres) -> None:
    """It depends on how much of the server's farewell has been read by then, and on what is asked: a statement, a COPY, a
    rollback."""
    database = postgres_server.dsn_of("postgres")
    killer = await asyncpg.connect(database)
    said = set()
    for turn in range(60):
        victim = await asyncpg.connect(database)
        await victim.execute("BEGIN; CREATE TEMPORARY TABLE t (x int)")
        await killer.execute("SELECT pg_terminate_backend($1)", victim.get_server_pid())
        for _ in range(turn % 6):
            await asyncio.sleep(0)
        for ask in (lambda victim=victim: victim.copy_records_to_table("t", records=[(1,)]), victim.reset):
            with pytest.raises(Exception) as caught:
                await ask()
            assert is_transient(caught.value), repr(caught.value)
            said.add(str(caught.value))
        victim.terminate()
    await killer.close()
    assert said


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.InternalClientError("cannot switch to state 21; another operation (2) is in progress"),
        asyncpg.InterfaceError("cannot perform operation: another operation is in progress"),
        asyncpg.InterfaceError("connection is closed"),
    ],
    ids=str,
)
def test_what_the_driver_says_of_a_dead_connection_is_transient(error: Exception) -> None:
    assert is_transient(error)
