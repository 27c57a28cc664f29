"""Who does not read what it asked for is cut off; who reads slowly gets all of it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from prometheus_client import CollectorRegistry

from gridgov.local.http_server import serve
from shared.http.server.concurrency_limit import ConcurrencyLimit
from shared.telemetry.metrics import Metrics

pytestmark = pytest.mark.anyio
MEGABYTE = 1024 * 1024
ASK = b"GET /t/x HTTP/1.1\r\nHost: x\r\n%s\r\n"


@asynccontextmanager
async def answering(size: int, limiter: ConcurrencyLimit | None = None) -> AsyncIterator[int]:
    """The port of a server whose answers are so long."""
    listener, stop = socket.create_server(("127.0.0.1", 0), backlog=64), asyncio.Event()

    async def site(scope, receive, send) -> None:
        length = [(b"content-length", str(size).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": bytes(size)})

    serving = asyncio.create_task(serve(site, listener, stop, {} if limiter is None else {"t": limiter}))
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        await serving


@asynccontextmanager
async def caller(port: int) -> AsyncIterator[socket.socket]:
    """A connection for which the system keeps next to nothing unread."""
    with socket.socket() as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", port))
        yield made


async def read(caller: socket.socket, most: int = 1 << 30, *, pause: float = 0.0) -> int:
    """The bytes that come until the connection ends."""
    loop, count = asyncio.get_running_loop(), 0
    async with asyncio.timeout(30):
        try:
            while count < most and (chunk := await loop.sock_recv(caller, 64 * 1024)):
                count += len(chunk)
                await asyncio.sleep(pause)
        except ConnectionResetError:
            pass
    return count


@pytest.mark.parametrize("header", [b"", b"Connection: close\r\n"])
async def test_who_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch, header: bytes) -> None:
    monkeypatch.setattr("shared.http.server.unread.SECONDS", 0.2)
    async with answering(8 * MEGABYTE) as port, caller(port) as silent:
        await asyncio.get_running_loop().sock_sendall(silent, ASK % header)
        await asyncio.sleep(1.0)
        assert await read(silent) < 6 * MEGABYTE


async def test_an_answer_too_small_to_stop_the_writer_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system itself does not take; the connection would have stayed as long as its caller wanted."""
    monkeypatch.setattr("shared.http.server.unread.SECONDS", 0.2)
    monkeypatch.setattr("gridgov.local.http_server.KEEP_SECONDS", 0.2)
    loop = asyncio.get_running_loop()
    async with answering(60_000) as port, caller(port) as silent:
        await loop.sock_sendall(silent, ASK % b"" * 100)
        await asyncio.sleep(1.5)
        assert await read(silent) < 100 * 60_000


async def test_who_reads_slowly_gets_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when that takes longer than an idle connection is kept."""
    monkeypatch.setattr("shared.http.server.unread.SECONDS", 0.3)
    monkeypatch.setattr("gridgov.local.http_server.KEEP_SECONDS", 0.2)
    async with answering(2 * MEGABYTE) as port, caller(port) as slow:
        await asyncio.get_running_loop().sock_sendall(slow, ASK % b"")
        assert await read(slow, pause=0.005) > 2 * MEGABYTE


async def test_of_too_much_that_waits_the_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.http.server.unread.MOST", 12 * MEGABYTE)
    loop = asyncio.get_running_loop()
    async with answering(8 * MEGABYTE) as port, caller(port) as first, caller(port) as second, caller(port) as third:
        for each in (first, second, third):
            await loop.sock_sendall(each, ASK % b"Connection: close\r\n")
            await asyncio.sleep(0.2)
        assert await read(first) < 6 * MEGABYTE
        assert min(await asyncio.gather(read(second), read(third))) > 8 * MEGABYTE


async def test_refusals_wait_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are written at once, one behind the other: who sends requests without end and reads nothing is cut off."""
    limiter = ConcurrencyLimit(Metrics(CollectorRegistry()), "t", most=1)
    loop = asyncio.get_running_loop()
    async with answering(1, limiter) as port, caller(port) as flood:
        limiter.enter()
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            async with asyncio.timeout(20):
                while True:
                    await loop.sock_sendall(flood, ASK % b"" * 1000)
