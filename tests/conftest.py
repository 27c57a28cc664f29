"""Fixtures for all tests: a real PostgreSQL per test process, and a migrated database for each test that asks."""

import signal
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from gridgov.local.postgres import BlockingPostgres
from shared.clock import SetClock
from shared.db.engine import open_engine
from tests.support.databases import fresh_database, make_template
from tests.support.postgres import postgres_server

__all__ = ["postgres_server"]

NOON = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Asia/Shanghai, an ordinary working day in office hours: where the tests' clock stands."""


def pytest_configure() -> None:
    """Where a shell has the tests ignore signals (`make test &`, nohup), what they start would ignore them too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)  # ignored here, and as ever in what is started
    # A traceback in colours with the values of all variables takes a tenth of a second, and many tests break things.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


FIRST = ("tests/faults/", "tests/web/", "tests/gridgov/")
"""What waits for processes more than it computes: it begins first, so that short tests fill the end of the run."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: next((n for n, folder in enumerate(FIRST) if item.nodeid.startswith(folder)), len(FIRST))
    )


class Together(LoadFileScheduling):
    """Of `make test`'s processes one has a file to itself, or a package: what that starts is started once."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        folder = Path(__file__).parents[1] / Path(file).parent
        return str(folder) if (folder / "__init__.py").exists() else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def migrated_server(postgres_server: BlockingPostgres) -> BlockingPostgres:
    make_template(postgres_server)
    return postgres_server


@pytest.fixture
def database_name(migrated_server: BlockingPostgres) -> Iterator[str]:
    """A database of the test's own with the schemas of all services."""
    with fresh_database(migrated_server) as name:
        yield name


@pytest.fixture
def database_url(migrated_server: BlockingPostgres, database_name: str) -> str:
    return migrated_server.url_of(database_name)


@pytest.fixture
def database_dsn(migrated_server: BlockingPostgres, database_name: str) -> str:
    """The same database for asyncpg itself (the PostgreSQL bus)."""
    return migrated_server.dsn_of(database_name)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(database_url, service="test")
    yield engine
    await engine.dispose()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)
