"""Answers that their callers do not read lie in memory: who takes too little is cut off, and so is the oldest of too many.

Without it a few thousand connections that ask and do not read hold as many of the largest pages.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

SECONDS: Final = 10.0
LEAST: Final = 16 * 1024
"""Bytes that a caller takes in so many seconds at the least, slower than any network on which pages are of use."""
MOST: Final = 64 * 1024 * 1024
"""Bytes that wait on all connections together."""


@dataclass(slots=True)
class _Waiting:
    size: int
    look: asyncio.TimerHandle


class Unread:
    """The connections of one server whose callers read more slowly than they are answered, whoever began first first."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Transport, _Waiting] = {}

    def watch(self, connection: asyncio.Transport) -> None:
        """Until it is read, or told `leave`."""
        if connection not in self._waiting:
            self._look_later(connection)
            self._bound()

    def leave(self, connection: asyncio.Transport) -> None:
        if found := self._waiting.pop(connection, None):
            found.look.cancel()

    def _look_later(self, connection: asyncio.Transport) -> None:
        look = asyncio.get_running_loop().call_later(SECONDS, self._look, connection)
        self._waiting[connection] = _Waiting(connection.get_write_buffer_size(), look)

    def _look(self, connection: asyncio.Transport) -> None:
        left = connection.get_write_buffer_size()
        if left == 0:
            self.leave(connection)
        elif self._waiting[connection].size - left < LEAST:
            self._cut(connection)
        else:
            self._look_later(connection)

    def _bound(self) -> None:
        sizes = {connection: connection.get_write_buffer_size() for connection in self._waiting}
        total, newest = sum(sizes.values()), next(reversed(sizes))
        for connection, size in sizes.items():
            if total <= MOST or connection is newest:
                return
            self._cut(connection)
            total -= size

    def _cut(self, connection: asyncio.Transport) -> None:
        self.leave(connection)
        connection.abort()
