"""Connections of the PostgreSQL bus: made when needed, and made again after the server was away.

Every failure that can pass by itself leaves as BusUnavailable; a mistake in a statement leaves as it is.
"""

import asyncio
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


async def _as_it_is(_: Any) -> None:
    """Instead of asyncpg's RESET ALL after every use, a round trip each: the bus leaves no state in a session."""


class Pool:
    """At most `size` connections to `dsn`, each statement bounded to `timeout` seconds. For many tasks of one loop."""

    def __init__(self, dsn: str, *, size: int, timeout: float) -> None:
        self._timeout = timeout
        # People hand the address they give to SQLAlchemy, which names the driver.
        self._dsn = dsn.replace("postgresql+asyncpg://", "postgresql://", 1)
        self._size = size
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Prepare the pool without connecting."""
        settings = {"application_name": "gridgov-bus", "timezone": "UTC", **_INDEXES_ONLY}
        settings["statement_timeout"] = str(int(self._timeout * 1000))
        self._pool = await asyncpg.create_pool(
            self._dsn,
            min_size=0,
            max_size=self._size,
            # Longer than the server's own limit: this one is for a server that answers no more.
            command_timeout=self._timeout + 3,
            timeout=5,
            server_settings=settings,
            reset=_as_it_is,
        )

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                async with asyncio.timeout(3):
                    await pool.close()
            except (TimeoutError, OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
                pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection for a moment. What the server refuses for passing reasons raises BusUnavailable."""
        if self._pool is None:
            raise BusUnavailable("the bus is not started, or closed")
        try:
            async with self._pool.acquire(timeout=self._timeout) as connection:
                yield connection
        except (OSError, TimeoutError, asyncpg.InterfaceError, InternalClientError) as error:
            if isinstance(error, ValueError):
                raise  # asyncpg's word for an argument that does not fit the statement
            raise BusUnavailable(f"PostgreSQL does not answer: {error or type(error).__name__}") from error
        except asyncpg.PostgresError as error:
            if not (error.sqlstate or "08").startswith(_PASSING):
                raise
            raise BusUnavailable(f"PostgreSQL refuses for now: {error}") from error

    async def fetch(self, query: str, *arguments: object) -> list[Any]:
        async with self.connection() as connection:
            rows: list[Any] = await connection.fetch(query, *arguments)
            return rows
