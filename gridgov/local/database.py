"""Where the embedded form's database is: the private server's, or the one that DATABASE_URL names."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

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


def asyncpg_dsn(url: str) -> str:
    """The url for asyncpg itself, which spells one parameter otherwise."""
    parsed = make_url(url).set(drivername="postgresql")
    if "ssl" in parsed.query:
        parsed = parsed.difference_update_query(["ssl"]).update_query_dict({"sslmode": parsed.query["ssl"]})
    return parsed.render_as_string(hide_password=False)


def sqlalchemy_url(url: str) -> str:
    """The url for SQLAlchemy, from any usual spelling. Raises DatabaseUnreachable for another kind of database."""
    try:
        parsed = make_url(url)
        if parsed.drivername not in ("postgresql", "postgres", "postgresql+asyncpg"):
            raise ArgumentError(parsed.drivername)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnreachable(
            "DATABASE_URL 不是 PostgreSQL 地址;请写成 postgresql://用户:密码@主机:5432/库名,或去掉它以使用自带的数据库",
            "DATABASE_URL is no PostgreSQL address: write postgresql://user:password@host:5432/name, or leave it out "
            "to use a database of our own",
        ) from error
    parsed = parsed.set(drivername="postgresql+asyncpg")
    if "sslmode" in parsed.query:
        parsed = parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": parsed.query["sslmode"]})
    return parsed.render_as_string(hide_password=False)


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
            f"无法连接 DATABASE_URL 指定的数据库({type(error).__name__});请检查地址、账号和服务是否已启动",
            f"the database that DATABASE_URL names does not answer ({type(error).__name__}): check address, account "
            "and whether it runs",
        ) from error
    if version.major < OLDEST or encoding != "UTF8":
        raise DatabaseUnreachable(
            f"DATABASE_URL 指定的是 PostgreSQL {version.major}({encoding});需要 {OLDEST} 或更高版本,编码 UTF8",
            f"DATABASE_URL names a PostgreSQL {version.major} ({encoding}): {OLDEST} or newer with encoding UTF8 is "
            "needed",
        )
    if not may_create:
        raise DatabaseUnreachable(
            "DATABASE_URL 的账号不能在该库中建模式;请授权:GRANT CREATE ON DATABASE 库名 TO 账号",
            "the account of DATABASE_URL may not create schemas there: GRANT CREATE ON DATABASE name TO account",
        )


async def _check_own(url: str) -> None:
    try:
        connection = await asyncpg.connect(asyncpg_dsn(url), timeout=_ANSWER_SECONDS)
        await connection.close(timeout=_ANSWER_SECONDS)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise DatabaseUnreachable(
            f"正在运行的网格通的数据库暂时没有应答({type(error).__name__});请稍后重试",
            f"the database of the running GridGov does not answer now ({type(error).__name__}): try again shortly",
        ) from error
