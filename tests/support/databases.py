"""A migrated database for each test: copied from a template in milliseconds, dropped afterwards.

Every test really commits, so locks, races and the relay are tested as they are.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import count

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gridgov.local.postgres import BlockingPostgres
from services.manifest import SERVICES
from shared.db.migrate import migrate

TEMPLATE = "gridgov_template"
_numbers = count(1)


def make_template(server: BlockingPostgres) -> None:
    """A database with the schemas of all four services, for the others to be copied from."""

    async def make() -> None:
        await _run(server, f"CREATE DATABASE {TEMPLATE}")
        engine = create_async_engine(server.url_of(TEMPLATE), poolclass=NullPool)
        for service in SERVICES:
            await migrate(engine, import_module(f"services.{service}.schema").tables)
        await engine.dispose()

    asyncio.run(make())


@contextmanager
def fresh_database(server: BlockingPostgres) -> Iterator[str]:
    """The name of a new migrated database; it is gone afterwards."""
    name = f"test_{next(_numbers)}"
    asyncio.run(_run(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY"))
    try:
        yield name
    finally:
        asyncio.run(_run(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _run(server: BlockingPostgres, statement: str) -> None:
    connection = await asyncpg.connect(server.dsn_of("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
