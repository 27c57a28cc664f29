"""Where the embedded form's database is: the private server's, or the one that DATABASE_URL names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from services.embedded.errors import AlreadyRunning, StartError
from services.embedded.postgres import PrivatePostgres, url_of
from services.embedded.state import StateDirectory
from shared.settings import Settings

NAME = "gridgov"


class DatabaseUnreachable(StartError):
    """The database that DATABASE_URL names does not answer."""


def asyncpg_dsn(url: str) -> str:
    """The url for asyncpg itself."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


def sqlalchemy_url(url: str) -> str:
    """The url for SQLAlchemy, from any usual spelling. Raises DatabaseUnreachable for another kind of database."""
    for prefix in ("postgresql+asyncpg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+asyncpg://" + url.removeprefix(prefix)
    raise DatabaseUnreachable("DATABASE_URL 须以 postgresql:// 开头", "DATABASE_URL must start with postgresql://")


@asynccontextmanager
async def open_database(state: StateDirectory, settings: Settings) -> AsyncIterator[str]:
    """The url (SQLAlchemy, asyncpg) of the database, there for as long as the block runs."""
    if settings.database_url:
        url = sqlalchemy_url(settings.database_url)
        await _check(url)
        yield url
        return
    async with PrivatePostgres(state) as server:
        yield await server.ensure_database(NAME)


@asynccontextmanager
async def reach_database(settings: Settings) -> AsyncIterator[str]:
    """For commands: the database of a running instance, else of a server started for as long as the block runs."""
    StateDirectory.peek()
    try:
        state = StateDirectory.open()
    except AlreadyRunning:
        yield sqlalchemy_url(settings.database_url) if settings.database_url else url_of(StateDirectory.peek(), NAME)
        return
    with state:
        async with open_database(state, settings) as url:
            yield url


async def _check(url: str) -> None:
    try:
        connection = await asyncpg.connect(asyncpg_dsn(url), timeout=5)
        await connection.close()
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise DatabaseUnreachable(
            f"无法连接 DATABASE_URL 指定的数据库({type(error).__name__});请检查地址、账号和服务是否已启动",
            f"the database that DATABASE_URL names does not answer ({type(error).__name__}): check address, account "
            "and whether it runs",
        ) from error
