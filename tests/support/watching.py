"""Reading server-sent events from an ASGI application, as a page does."""

import asyncio
import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any


class Watching:
    """A connection that is open: what came on it, and the position that a reconnect would name."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.last_event_id: str | None = None
        self.comments = 0
        self.ended = asyncio.Event()
        self.blocked = asyncio.Event()
        self.blocked.set()
        self._gone = asyncio.Event()
        self._text = ""
        self.events: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def next(self, seconds: float = 10) -> tuple[str, Any]:
        async with asyncio.timeout(seconds):
            return await self.events.get()

    async def some(self, count: int, seconds: float = 10) -> list[Any]:
        """The data of the next `count` events, which must all be changes."""
        found = [await self.next(seconds) for _ in range(count)]
        assert {event for event, _ in found} <= {"changed"}, found
        return [data for _, data in found]

    async def nothing(self, seconds: float = 0.8) -> bool:
        await asyncio.sleep(seconds)
        return self.events.empty()

    def leave(self) -> None:
        self._gone.set()

    async def receive(self) -> MutableMapping[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self.blocked.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self._text += message.get("body", b"").decode()
        while "\n\n" in self._text:
            block, self._text = self._text.split("\n\n", 1)
            self._take(block)

    def _take(self, block: str) -> None:
        event, data = "message", ""
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not name:
                self.comments += 1
            elif name == "id":
                self.last_event_id = value
            elif name == "event":
                event = value
            elif name == "data":
                data = value
        if data:
            self.events.put_nowait((event, json.loads(data)))


@asynccontextmanager
async def watching(
    app: Any, headers: dict[str, str], last: str | None = None, *, path: str = "/changes"
) -> AsyncIterator[Watching]:
    """A connection to `path`, open when the block begins."""
    seen = Watching()
    sent = {**headers, **({"last-event-id": last} if last is not None else {})}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 40000), "server": ("127.0.0.1", 8000), "state": {},
    }  # fmt: skip
    task = asyncio.create_task(app(scope, seen.receive, seen.send))
    task.add_done_callback(lambda _: seen.ended.set())
    async with asyncio.timeout(10):
        while not seen.status and not task.done():
            await asyncio.sleep(0.005)
    try:
        yield seen
    finally:
        seen.leave()
        seen.blocked.set()
        async with asyncio.timeout(10):
            await task
