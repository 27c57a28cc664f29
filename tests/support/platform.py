"""Fixtures for tests of the whole platform in the tests' own city, on the PostgreSQL bus.

`platform` is shared by the tests of a module (starting one takes seconds), so a test looks only at what it sent itself;
its clock stands at NOON when a test begins. `own_platform` belongs to one test alone. A conftest takes them in with
`from tests.support.platform import …`.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.embedded.postgres import BlockingPostgres
from shared.bus.postgres import PostgresBus
from shared.clock import SetClock
from tests.conftest import NOON
from tests.support.city import CITY
from tests.support.databases import fresh_database
from tests.support.gridgov import GridGov, gridgov

__all__ = ["module_database", "module_platform", "own_platform", "platform"]


@pytest.fixture(scope="module")
def module_database(migrated_server: BlockingPostgres) -> Iterator[str]:
    with fresh_database(migrated_server) as name:
        yield name


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
