"""Fixtures for tests of the whole platform in the tests' own city, on the PostgreSQL bus.

`platform` is shared by the tests of a module (starting one takes seconds), so a test looks only at what it sent itself;
its clock stands at NOON when a test begins. `own_platform` belongs to one test alone. A conftest takes them in with
`from tests.support.platform import …`.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.postgres import BlockingPostgres
from shared.bus.kafka.bus import KafkaBus
from shared.bus.postgres.bus import PostgresBus
from shared.clock import SetClock
from shared.db.engine import open_engine
from shared.db.tables import ServiceTables
from tests.conftest import NOON
from tests.support.buses import Apart
from tests.support.city import CITY
from tests.support.databases import fresh_database
from tests.support.gridgov import GridGov, gridgov

__all__ = [
    "module_database",
    "module_engine",
    "module_platform",
    "own_platform",
    "platform",
    "platform_on_kafka",
    "wipe",
]


@pytest.fixture(scope="module")
def module_database(migrated_server: BlockingPostgres) -> Iterator[str]:
    with fresh_database(migrated_server) as name:
        yield name


@pytest.fixture(scope="module")
async def module_engine(migrated_server: BlockingPostgres, module_database: str) -> AsyncIterator[AsyncEngine]:
    """For tests of one service that each begin by `wipe`: a fresh database for each would take longer than the test."""
    engine = open_engine(migrated_server.url_of(module_database), service="test")
    yield engine
    await engine.dispose()


async def wipe(engine: AsyncEngine, tables: ServiceTables) -> None:
    """Empty all tables of a service."""
    names = ", ".join(str(table) for table in tables.metadata.sorted_tables)
    async with engine.begin() as connection:
        # The trail is append-only by a trigger; a replica's triggers do not fire.
        await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        await connection.execute(sa.text(f"TRUNCATE {names}"))


@asynccontextmanager
async def _on_postgres(server: BlockingPostgres, database: str, directory: Path) -> AsyncIterator[GridGov]:
    bus = PostgresBus(server.dsn_of(database))
    await bus.start()
    try:
        async with gridgov(server.url_of(database), bus, SetClock(NOON), directory, city=CITY) as platform:
            yield platform
    finally:
        await bus.close()


@pytest.fixture(scope="module")
async def module_platform(
    migrated_server: BlockingPostgres, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[GridGov]:
    directory = tmp_path_factory.mktemp("platform")
    async with _on_postgres(migrated_server, module_database, directory) as platform:
        yield platform


@pytest.fixture
def platform(module_platform: GridGov) -> GridGov:
    module_platform.clock.set(NOON)
    return module_platform


@pytest.fixture
async def own_platform(migrated_server: BlockingPostgres, database_name: str, tmp_path: Path) -> AsyncIterator[GridGov]:
    async with _on_postgres(migrated_server, database_name, tmp_path) as platform:
        yield platform


@pytest.fixture
async def platform_on_kafka(database_url: str, kafka_broker: LocalKafka, tmp_path: Path) -> AsyncIterator[GridGov]:
    bus = Apart(KafkaBus(kafka_broker.bootstrap), f"flow-{uuid4().hex[:8]}.")
    await bus.start()
    try:
        async with gridgov(database_url, bus, SetClock(NOON), tmp_path, city=CITY) as platform:
            yield platform
    finally:
        await bus.close()
