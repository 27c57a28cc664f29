"""A connection pool whose connections go to those who wait, in the order in which they came.

SQLAlchemy's own gives a connection that is returned to whoever asks next, before the waiting one runs; under a steady
crowd the unlucky wait until they give up, while others are served at once: requests that end as 503, and a readiness
check that finds "no database", on a service whose mean wait is half a second.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.util import await_only
from sqlalchemy.util.queue import AsyncAdaptedQueue, Empty

_first: ContextVar[bool] = ContextVar("gridgov_first_in_line", default=False)


@contextmanager
def first_in_line() -> Iterator[None]:
    """Inside the block this task waits before all others: for who asks whether the database is there, which a queue
    for its connections is no answer to."""
    token = _first.set(True)
    try:
        yield
    finally:
        _first.reset(token)


class FairQueue(AsyncAdaptedQueue[ConnectionPoolEntry]):
    """What is put back is handed to the first who waits; so while somebody waits, the queue is empty. `first_in_line`
    goes ahead."""

    def __init__(self, maxsize: int = 0, use_lifo: bool = False) -> None:
        super().__init__(maxsize, use_lifo)
        self._waiting: deque[asyncio.Future[ConnectionPoolEntry]] = deque()

    def get(self, block: bool = True, timeout: float | None = None) -> ConnectionPoolEntry:
        try:
            return self.get_nowait()
        except Empty:
            if not block:
                raise
        return await_only(self._turn(timeout))

    def put_nowait(self, item: ConnectionPoolEntry) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(item)
                return
        super().put_nowait(item)

    async def _turn(self, timeout: float | None) -> ConnectionPoolEntry:  # noqa: ASYNC109 - of the pool, not of a call
        turn: asyncio.Future[ConnectionPoolEntry] = asyncio.get_running_loop().create_future()
        if _first.get():
            self._waiting.appendleft(turn)
        else:
            self._waiting.append(turn)
        try:
            async with asyncio.timeout(timeout):
                return await turn
        except BaseException as ended:
            if turn.done() and not turn.cancelled():
                self.put_nowait(turn.result())  # handed over in the very moment in which we gave up
            if isinstance(ended, TimeoutError):
                raise Empty from None
            raise


class FairPool(AsyncAdaptedQueuePool):
    _queue_class = FairQueue
