"""The private PostgreSQL of the embedded form: started from the wheel's programs, over a unix socket only.

It ends with its owner however that dies, comes back when it is killed itself, and finds its data again after a
kill -9 of everything. Its guard (process_guard.py) sees to it; this module is its handle.
"""

import asyncio
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import asyncpg

from gridgov.local import postgres_place as place
from gridgov.local import postgres_settings as cluster
from gridgov.local.errors import AlreadyRunning, PostgresFailed, explained
from gridgov.local.guarded_process import Ended, GuardedProcess, me
from gridgov.local.locks import Held, take
from gridgov.local.process_guard import Spec
from gridgov.local.state import StateDirectory

_START_SECONDS = 90.0
"""Bounds recovery after a crash, which `max_wal_size` keeps to seconds on any usual disk."""


class BlockingPostgres:
    """Start and stop without an event loop. `durable=False` trades safety for speed, for tests only."""

    def __init__(
        self,
        state: StateDirectory,
        *,
        durable: bool = True,
        homes: Sequence[Path] = place.HOMES,
        drain_seconds: float = 8.0,
    ) -> None:
        self.state = state
        self._durable = durable
        self._homes = homes
        self._drain = drain_seconds
        self._server: GuardedProcess | None = None
        self._lock: int | None = None

    def start(self) -> None:
        """Return when the server takes connections. Raises StartError."""
        where = place.prepare(self.state, self._homes)
        with explained(where.root):
            try:
                self._lock = take(where.root / "lock")  # a copied state directory may name the same place
            except Held as held:
                raise AlreadyRunning(
                    f"数据库目录 {where.root} 正被另一个网格通使用(pid {held.pid})；请先停止它",
                    f"the database in {where.root} is used by another GridGov (pid {held.pid}): stop that one first",
                ) from held
        try:
            cluster.create(where, self.state.secret("postgres"), durable=self._durable)
            arguments = cluster.configure(where, durable=self._durable)
            self._server = GuardedProcess(self._spec(where, arguments))
            self._server.start(_START_SECONDS)
        except Ended as ended:
            self.stop()
            raise cluster.failed(where.root, ended.reason) from ended
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Fast shutdown; after `drain_seconds` an immediate one; then by force. Nothing is left in any case."""
        if self._server is not None:
            self._server.stop(self._drain + 15.0)
            self._server = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def alive(self) -> bool:
        """Whether somebody still looks after the server (it may be starting again after a crash)."""
        return self._server is not None and self._server.alive()

    @property
    def pid(self) -> int:
        """The server's main process; another one after it was killed and came back."""
        try:
            return int((place.find(self.state) / "data" / "postmaster.pid").read_text("utf-8").split("\n")[0])
        except (OSError, ValueError) as error:
            raise PostgresFailed("PostgreSQL 没有运行", "PostgreSQL is not running") from error

    @property
    def url(self) -> str:
        return url_of(self.state)

    def url_of(self, database: str) -> str:
        return url_of(self.state, database)

    def dsn_of(self, database: str) -> str:
        return dsn_of(self.state, database)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _spec(self, where: place.Place, arguments: Sequence[str]) -> Spec:
        return Spec(
            argv=[str(where.programs / "postgres"), *arguments],
            cwd=str(where.root),
            log=str(self.state.logs / "postgres.log"),
            lock=str(where.root / "server.lock"),
            owner=me(),
            held=True,
            stop=[(signal.SIGINT, self._drain), (signal.SIGQUIT, 7.0)],
            orphaned=signal.SIGQUIT,
            env=cluster.environment(),
            uid=where.account.uid,
            gid=where.account.gid,
            ready=str(where.data / "postmaster.pid"),
            # Its pid may be another process's by now, and PostgreSQL would then refuse to start. The guard holds the
            # lock that every process of the earlier server held, so the file says nothing any more.
            stale=[
                str(where.data / "postmaster.pid"),
                str(where.sockets / ".s.PGSQL.5432"),
                str(where.sockets / ".s.PGSQL.5432.lock"),
            ],
            again=True,
        )


class PrivatePostgres:
    """The same, for an event loop: `async with PrivatePostgres(state) as server: … server.url`."""

    def __init__(self, state: StateDirectory, *, durable: bool = True, homes: Sequence[Path] = place.HOMES) -> None:
        self._server = BlockingPostgres(state, durable=durable, homes=homes)
        self.state = state

    async def start(self) -> None:
        """Return when the server takes connections. Raises StartError.

        Once begun it runs to its end in its thread, also when we are cancelled: so `stop` finds what it has made.
        """
        starting = asyncio.ensure_future(asyncio.to_thread(self._server.start))
        try:
            await asyncio.shield(starting)
        finally:
            await asyncio.wait([starting])

    async def stop(self) -> None:
        await asyncio.to_thread(self._server.stop)

    async def ensure_database(self, name: str) -> str:
        """Create the database where it is missing; returns its SQLAlchemy url."""
        await ensure_database(self.state, name)
        return self.url_of(name)

    @property
    def pid(self) -> int:
        return self._server.pid

    @property
    def url(self) -> str:
        """SQLAlchemy url (asyncpg, unix socket) of the database `postgres`."""
        return self._server.url

    def url_of(self, database: str) -> str:
        return self._server.url_of(database)

    def dsn_of(self, database: str) -> str:
        """The same for asyncpg itself and for psql."""
        return self._server.dsn_of(database)

    def alive(self) -> bool:
        return self._server.alive()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.shield(self.stop())


def dsn_of(state: StateDirectory, database: str = "postgres") -> str:
    """Where the server of a state directory answers when it runs; also for commands beside a running instance."""
    password = quote(state.secret("postgres"), safe="")
    sockets = quote(str(place.sockets_of(state)), safe="")
    return f"postgresql://{cluster.SUPERUSER}:{password}@/{quote(database, safe='')}?host={sockets}&port=5432"


def url_of(state: StateDirectory, database: str = "postgres") -> str:
    return dsn_of(state, database).replace("postgresql://", "postgresql+asyncpg://", 1)


async def ensure_database(state: StateDirectory, name: str) -> None:
    """Create the database `name` where it is missing. The server must run."""
    connection = await asyncpg.connect(dsn_of(state))
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute('CREATE DATABASE "{}"'.format(name.replace('"', '""')))
    except asyncpg.DuplicateDatabaseError:
        pass  # another process was quicker
    finally:
        await connection.close()
