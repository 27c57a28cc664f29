"""`past`: the database of an installation with a past (tests/gridgov/operations/installation.py); `spoilt`: a copy to spoil."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import asyncpg
import pytest

from gridgov.local.postgres import BlockingPostgres
from gridgov.operations.reach import Installation
from shared.audit.evidence import Acked
from shared.bus.postgres.bus import PostgresBus
from tests.gridgov.operations.installation import copy_of, installation, lived, running
from tests.support.databases import fresh_database


@dataclass(frozen=True, slots=True)
class Past:
    database: str
    acked: list[Acked]


@pytest.fixture(scope="session")
def past(migrated_server: BlockingPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    """One for the test process: a test works on a copy."""

    async def live(database: str) -> Past:
        bus = PostgresBus(migrated_server.dsn_of(database))
        await bus.start()
        try:
            where = installation(migrated_server, database)
            async with running(where, bus, tmp_path_factory.mktemp("past")) as platform:
                return Past(database, await lived(platform))
        finally:
            await bus.close()

    with fresh_database(migrated_server) as name:
        yield asyncio.run(live(name))


@pytest.fixture
def copied(migrated_server: BlockingPostgres, past: Past) -> Iterator[str]:
    """The name of a copy of the past's database."""
    with copy_of(migrated_server, past.database) as name:
        yield name


@pytest.fixture
def where(migrated_server: BlockingPostgres, copied: str) -> Installation:
    return installation(migrated_server, copied)


@pytest.fixture
async def sql(migrated_server: BlockingPostgres, copied: str) -> AsyncIterator[asyncpg.Connection]:
    """A superuser in the copy, whose edits no trigger stops."""
    connection = await asyncpg.connect(
        migrated_server.dsn_of(copied), server_settings={"session_replication_role": "replica"}
    )
    yield connection
    await connection.close()
