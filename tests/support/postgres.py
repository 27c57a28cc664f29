"""A real PostgreSQL for tests: one server per pytest process (so one per xdist worker), ended with that process."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from gridgov.local.postgres import BlockingPostgres
from gridgov.local.state import StateDirectory

MEMORY: Final = Path("/dev/shm")
ENOUGH: Final = 6 << 30
"""Bytes free in memory from which on tests keep their files there: a database is copied in a quarter of the time."""


@contextmanager
def ground(*, on_disk: bool = False) -> Iterator[Path]:
    """A short directory that every account may enter (pytest's own belong to one user alone), removed at the end."""
    in_memory = not on_disk and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ENOUGH
    path = Path(tempfile.mkdtemp(prefix="gg-", dir=MEMORY if in_memory else None))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def running_postgres() -> Iterator[BlockingPostgres]:
    """A fresh server that forgets: no fsync. `url_of(database)` and `dsn_of(database)` say how to reach it."""
    with (
        ground() as path,
        StateDirectory.open(path / "state") as state,
        BlockingPostgres(state, durable=False) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[BlockingPostgres]:
    """The server of this test process. Make a database of your own in it: `gridgov.local.postgres.ensure_database`."""
    with running_postgres() as server:
        yield server
