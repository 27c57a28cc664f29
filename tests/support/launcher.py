"""What the launcher's tests share: state directories ready to use, owners in processes of their own, and questions."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gridgov.local import postgres_place as place
from gridgov.local.postgres import BlockingPostgres
from gridgov.local.processes import holders
from gridgov.local.state import StateDirectory
from tests.support.postgres import ground

ROOT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root meets this: PostgreSQL refuses root's account")


@pytest.fixture(scope="module")
def seed() -> Iterator[Path]:
    """A state directory with a database in it, for copies: initdb costs most of a test."""
    with ground() as path:
        with StateDirectory.open(path / "state") as state, BlockingPostgres(state, durable=False):
            pass
        yield path / "state"


@pytest.fixture
def bare() -> Iterator[Path]:
    with ground() as path:
        yield path


@pytest.fixture
def here(bare: Path, seed: Path) -> Path:
    """A directory with a ready `state` in it. (Copied by root it belongs to root, as after restoring a backup.)"""
    shutil.copytree(seed, bare / "state")
    return bare


def eventually(holds: Callable[[], object], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def ask(dsn: str, *statements: str) -> Any:
    """Run statements in one connection; the value of the last."""

    async def run() -> Any:
        connection = await asyncpg.connect(dsn, timeout=10)
        try:
            value = None
            for statement in statements:
                value = await connection.fetchval(statement)
            return value
        finally:
            await connection.close(timeout=5)

    return asyncio.run(run())


def answers(dsn: str) -> bool:
    try:
        return bool(ask(dsn, "SELECT 1") == 1)
    except (OSError, asyncpg.PostgresError):
        return False


def kill_all(*pids: int) -> None:
    """kill -9 at one instant: all are stopped first, or one would see another's end and tidy up."""
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def parent(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:")))


class Owner:
    """A process of its own that owns the server of `state`."""

    def __init__(self, state: Path, home: Path | None = None, *, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.owner", str(state), str(home or state.parent / "homes")],
            cwd=ROOT, env={**os.environ, **(env or {})}, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        said = json.loads(line)
        self.postgres, self.dsn = int(said["postgres"]), str(said["dsn"])
        root = place.find(StateDirectory.peek(state))
        self.lock = root / "server.lock"

    @property
    def servers(self) -> set[int]:
        return holders(self.lock)

    @property
    def guard(self) -> int:
        return parent(self.postgres)

    def end(self) -> None:
        """Whatever the test did: no process of it stays."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        eventually(lambda: not self.servers)
        kill_all(*self.servers)


@contextmanager
def owner(state: Path, home: Path | None = None, *, env: dict[str, str] | None = None) -> Iterator[Owner]:
    running = Owner(state, home, env=env)
    try:
        yield running
    finally:
        running.end()


def keep_a_row(dsn: str) -> None:
    ask(dsn, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (114)")


def kept(dsn: str) -> Any:
    return ask(dsn, "SELECT n FROM kept")
