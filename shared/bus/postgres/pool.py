"""Connections of the PostgreSQL bus: made when needed, and made again after the server was away.

Every failure that can pass by itself leaves as BusUnavailable; a mistake in a statement leaves as it is.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from asyncpg.exceptions import InternalClientError

from shared.bus.port import BusUnavailable

# SQLSTATE classes that say something of the server's state and nothing of our statement: connection, transaction state
# (turned read-only), rollback (deadlock), resources (disk full), lock not available, operator intervention, system.
_PASSING = ("08", "25", "40", "53", "55", "57", "58")
# A plan made while the log was empty would scan the whole of it a minute later, when it has grown and nobody analysed.
_INDEXES_ONLY = {"enable_seqscan": "off", "enable_bitmapscan": "off", "jit": "off"}

_CLOSED = "the bus is not started, or closed"


class Pool:
    """At most `size` connections to `dsn`, each statement bounded to `timeout` seconds. For many tasks of one loop.

    Not asyncpg's pool, which makes two tasks and resets the session for every use: beside a busy event loop those turns
    take longer than the statement. The bus leaves no state in a session, and after any error the connection goes.
    """

    def __init__(self, dsn: str, *, size: int, timeout: float) -> None:
        self._timeout = timeout
        # People hand the address they give to SQLAlchemy, which names the driver.
        self._dsn = dsn.replace("postgresql+asyncpg://", "postgresql://", 1)
        self._size = size
        self._places = asyncio.Semaphore(size)
        self._free: list[asyncpg.Connection] = []
        self._lent: set[asyncpg.Connection] = set()
        self._open = False

    async def open(self) -> None:
        """Prepare the pool without connecting."""
        self._places, self._open = asyncio.Semaphore(self._size), True

    async def close(self) -> None:
        """Let who has a connection finish, for three seconds, then close all."""
        if not self._open:
            return
        self._open, places = False, self._places
        try:
            async with asyncio.timeout(3):
                for _ in range(self._size):
                    await places.acquire()
                for connection in self._free:
                    await connection.close()
        except (TimeoutError, OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
            for connection in (*self._free, *self._lent):
                connection.terminate()
        self._free.clear()
        for _ in range(self._size):  # who still waits for one learns that there is none
            places.release()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection for a moment. What the server refuses for passing reasons raises BusUnavailable."""
        if not self._open:
            raise BusUnavailable(_CLOSED)
        places = self._places
        try:
            async with asyncio.timeout(self._timeout):
                await places.acquire()
            try:
                async with self._lend() as connection:
                    yield connection
            finally:
                places.release()
        except (OSError, TimeoutError, asyncpg.InterfaceError, InternalClientError) as error:
            if isinstance(error, ValueError):
                raise  # asyncpg's word for an argument that does not fit the statement
            raise BusUnavailable(f"PostgreSQL does not answer: {error or type(error).__name__}") from error
        except asyncpg.PostgresError as error:
            if not (error.sqlstate or "08").startswith(_PASSING):
                raise
            raise BusUnavailable(f"PostgreSQL refuses for now: {error}") from error

    @asynccontextmanager
    async def _lend(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await self._take()
        self._lent.add(connection)
        try:
            yield connection
        except BaseException:
            # Waits for a statement given up half-way, so that it cannot take effect after what its caller does next.
            with contextlib.suppress(Exception):
                await connection.close(timeout=3)
            raise
        else:
            if self._open:
                self._free.append(connection)
            else:
                connection.terminate()
        finally:
            self._lent.discard(connection)

    async def _take(self) -> asyncpg.Connection:
        """The one given back last, which the others may let rest; one that the server has closed is forgotten."""
        if not self._open:
            raise BusUnavailable(_CLOSED)
        while self._free:
            connection = self._free.pop()
            if not connection.is_closed():
                return connection
        settings = {"application_name": "gridgov-bus", "timezone": "UTC", **_INDEXES_ONLY}
        settings["statement_timeout"] = str(int(self._timeout * 1000))
        # The client's limit is longer than the server's own: it is for a server that answers no more.
        return await asyncpg.connect(self._dsn, timeout=5, command_timeout=self._timeout + 3, server_settings=settings)

    async def fetch(self, query: str, *arguments: object) -> list[Any]:
        async with self.connection() as connection:
            rows: list[Any] = await connection.fetch(query, *arguments)
            return rows
