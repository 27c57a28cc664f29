"""One look at the trail for all who watch a service in this process, and what each of them is told.

What must hold: nothing is lost between two looks, nor between a watcher's last connection and this one; a watcher who
does not keep up is cut off, and never holds the others up.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Final

from pydantic_core import to_json

from shared.auth.principal import Principal
from shared.db.transient import is_transient
from shared.errors import Unavailable
from shared.live.tail import Happened, News, Tail
from shared.telemetry import logs
from shared.telemetry.metrics import Metrics
from shared.telemetry.trouble import Trouble

LOOK_SECONDS: Final = 0.25
MOST_WATCHERS: Final = 500
"""Of one process."""
MOST_OF_ONE: Final = 20
"""Of one caller: a wall screen, some tabs and a phone."""
LONGEST_QUEUE: Final = 300
"""Messages that wait for one watcher."""
_LONGEST_PAUSE: Final = 5.0

WATCHERS_TOO_MANY: Final = Unavailable.row(
    "watchers_too_many",
    "实时连接太多，请稍后再连；页面仍可手动刷新。",
    "Too many live connections now; connect again shortly, and refresh by hand until then.",
)


class Watcher:
    """One connection: what waits to be sent on it."""

    def __init__(self, caller: Principal) -> None:
        self.caller = caller
        self.ended = False
        self._waiting: deque[bytes] = deque()
        self._wake = asyncio.Event()

    def tell(self, since: str, news: News) -> None:
        """Queue what of `news` the caller may know. All but the last message name the position before, so that who loses
        the connection in between is told of these again, rather than not at all."""
        if news.changes is None:
            self._put(_message(news.position, "reload", b"{}"))
            return
        seen = [change for change in news.changes if self._sees(change)]
        for number, change in enumerate(seen, 1):
            self._put(_message(news.position if number == len(seen) else since, "changed", _data(change)))

    def end(self) -> None:
        self.ended = True
        self._wake.set()

    async def messages(self, seconds: float) -> bytes:
        """What waits, as soon as there is any; nothing after `seconds`, or once it ended."""
        if not self._waiting and not self.ended:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._wake.wait()
        self._wake.clear()
        waiting = b"".join(self._waiting)
        self._waiting.clear()
        return waiting

    def _put(self, message: bytes) -> None:
        self._waiting.append(message)
        self._wake.set()
        if len(self._waiting) > LONGEST_QUEUE:
            self.end()

    def _sees(self, change: Happened) -> bool:
        reach = self.caller.reach
        if reach.premises is not None and reach.premises == change.premises:
            return True
        return reach.everything or reach.unit in change.within or self.caller.subject == change.owner


class Hub:
    """Of one service. Looks only while somebody watches."""

    def __init__(self, tail: Tail, metrics: Metrics, service: str) -> None:
        self._tail = tail
        self._watchers: set[Watcher] = set()
        self._of_one: Counter[str] = Counter()
        self._position = ""
        self._looking: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._trouble = Trouble(logs.logger("live", service=service))
        metrics.live_watchers.labels(service).set_function(lambda: len(self._watchers))

    @asynccontextmanager
    async def watching(self, caller: Principal, last: str | None) -> AsyncIterator[Watcher]:
        """A watcher that is told everything from `last` on (None: from now on). Raises WATCHERS_TOO_MANY."""
        if len(self._watchers) >= MOST_WATCHERS or self._of_one[caller.subject] >= MOST_OF_ONE:
            raise WATCHERS_TOO_MANY()
        watcher = Watcher(caller)
        self._of_one[caller.subject] += 1
        try:
            await self._look()
            # First among those who are told of what comes, then told of what was: twice is no harm, never would be.
            self._watchers.add(watcher)
            if last is not None:
                watcher.tell(last, await self._tail.since(last))
            yield watcher
        finally:
            self._of_one[caller.subject] -= 1
            if not self._of_one[caller.subject]:
                del self._of_one[caller.subject]
            self._watchers.discard(watcher)
            if not self._of_one and self._looking is not None:
                self._looking.cancel()

    @property
    def position(self) -> str:
        """Up to here all watchers were told."""
        return self._position

    async def _look(self) -> None:
        """Begin to look, unless that is being done."""
        async with self._starting:
            if self._looking is None or self._looking.done() or self._looking.cancelling():
                self._position = await self._tail.now()
                self._looking = asyncio.create_task(self._run(), name="live")

    async def _run(self) -> None:
        pause = LOOK_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                news = await self._tail.since(self._position)
            except Exception as error:  # noqa: BLE001 - it must outlive every failure; it only waits
                if not is_transient(error):
                    self._trouble.failed(logs.LIVE_FAILED, error)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            self._trouble.over()
            pause, since, self._position = LOOK_SECONDS, self._position, news.position
            if news.changes is None or news.changes:
                tell(self._watchers, since, news)


def tell(watchers: Iterable[Watcher], since: str, news: News) -> None:
    for watcher in watchers:
        watcher.tell(since, news)


def _data(change: Happened) -> bytes:
    told = {"kind": change.kind, "id": change.id, "version": change.version, "action": change.action}
    return to_json(told | {"street": change.street})


def _message(position: str, event: str, data: bytes) -> bytes:
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (position.encode(), event.encode(), data)
