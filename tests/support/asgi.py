"""One raw request to an ASGI application, byte for byte: a client library would not send what attackers send."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

App = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]


@dataclass(frozen=True, slots=True)
class Sent:
    """`path` is as on the wire (percent-encoded); `chunks` is the body as it arrives; None hangs for ever."""

    method: str
    path: str
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    chunks: Sequence[bytes | None] = (b"",)


@dataclass(slots=True)
class Answer:
    status: int = 0
    raw_headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.raw_headers}

    def json(self) -> Any:
        return json.loads(self.body)


async def send(app: App, sent: Sent) -> Answer:
    """What `app` answers to `sent`."""
    answer = Answer()
    chunks = list(sent.chunks)

    async def receive() -> MutableMapping[str, Any]:
        if not chunks:
            return {"type": "http.disconnect"}
        chunk = chunks.pop(0)
        if chunk is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    async def take(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert not answer.status, "the answer started twice"
            answer.status = message["status"]
            answer.raw_headers = list(message["headers"])
        else:
            answer.body += message.get("body", b"")

    raw_path = sent.path.encode()
    await app(
        {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": sent.method,
            "scheme": "http",
            "path": unquote(sent.path),
            "raw_path": raw_path,
            "query_string": sent.query,
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), *sent.headers],
            "client": ("127.0.0.1", 40000),
            "server": ("127.0.0.1", 8000),
            "state": {},
        },
        receive,
        take,
    )
    return answer
