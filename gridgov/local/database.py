"""Where the embedded form's database is: the private server's, or the one that DATABASE_URL names."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from gridgov.local.database_url import asyncpg_dsn, sqlalchemy_url
from gridgov.local.errors import AlreadyRunning, StartError
from gridgov.local.keep_postgres import keep_postgres
from gridgov.local.postgres import PrivatePostgres, url_of
from gridgov.local.state import StateDirectory
from gridgov.local.troubles import Say
from shared.settings import Settings

NAME = "gridgov"
OLDEST = 15
"""The first PostgreSQL that the schemas and statements are made for."""
_ANSWER_SECONDS = 5.0


class DatabaseUnreachable(StartError):
    """The database does not answer, or is none that can be used."""


def _unsaid(_zh: str, _en: str) -> None:
    pass


@asynccontextmanager
async def open_database(state: StateDirectory, settings: Settings, say: Say = _unsaid) -> AsyncIterator[str]:
    """The url (SQLAlchemy, asyncpg) of the database, there for as long as the block runs. Raises StartError.

    `say` is told when the private server has to be started again.
    """
    if settings.database_url:
        url = sqlalchemy_url(settings.database_url)
        await _check(url)
        yield url
        return
    server = PrivatePostgres(state)
    try:
        await server.start()
        async with _kept(server, say):
            yield await server.ensure_database(NAME)
    finally:
        await server.stop()


@asynccontextmanager
async def _kept(server: PrivatePostgres, say: Say) -> AsyncIterator[None]:
    over = asyncio.Event()
    keeping = asyncio.create_task(keep_postgres(server, over, say))
    try:
        yield
    finally:
        over.set()
        await keeping


@asynccontextmanager
async def reach_database(settings: Settings) -> AsyncIterator[str]:
    """For commands: the database of a running instance, else of a server started for as long as the block runs."""
    StateDirectory.peek()
    try:
        state = StateDirectory.open()
    except AlreadyRunning:
        if settings.database_url:
            url = sqlalchemy_url(settings.database_url)
            await _check(url)
        else:
            url = url_of(StateDirectory.peek(), NAME)
            await _check_own(url)
        yield url
        return
    with state:
        async with open_database(state, settings) as url:
            yield url


async def _check(url: str) -> None:
    """Whether the database answers and is one that can be used."""
    try:
        connection = await asyncpg.connect(asyncpg_dsn(url), timeout=_ANSWER_SECONDS)
        try:
            version = connection.get_server_version()
            encoding = await connection.fetchval("SHOW server_encoding")
            may_create = await connection.fetchval("SELECT has_database_privilege(current_database(), 'CREATE')")
        finally:
            await connection.close(timeout=_ANSWER_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError, ValueError) as error:
        raise DatabaseUnreachable(
            f"无法连接 DATABASE_URL 指定的数据库({type(error).__name__})；请检查地址、账号和服务是否已启动",
            f"the database that DATABASE_URL names does not answer ({type(error).__name__}): check address, account "
            "and whether it runs",
        ) from error
    if version.major < OLDEST or encoding != "UTF8":
        raise DatabaseUnreachable(
            f"DATABASE_URL 指定的是 PostgreSQL {version.major}({encoding})；需要 {OLDEST} 或更高版本，编码 UTF8",
            f"DATABASE_URL names a PostgreSQL {version.major} ({encoding}): {OLDEST} or newer with encoding UTF8 is "
            "needed",
        )
    if not may_create:
        raise DatabaseUnreachable(
            "DATABASE_URL 的账号不能在该库中建模式；请授权：GRANT CREATE ON DATABASE 库名 TO 账号",
            "the account of DATABASE_URL may not create schemas there: GRANT CREATE ON DATABASE name TO account",
        )


async def _check_own(url: str) -> None:
    try:
        connection = await asyncpg.connect(asyncpg_dsn(url), timeout=_ANSWER_SECONDS)
        await connection.close(timeout=_ANSWER_SECONDS)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise DatabaseUnreachable(
            f"正在运行的网格通的数据库暂时没有应答({type(error).__name__})；请稍后重试",
            f"the database of the running GridGov does not answer now ({type(error).__name__}): try again shortly",
        ) from error
