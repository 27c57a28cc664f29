"""Answers that go on: over real sockets they take no place of those that wait for an answer, hold up no stop, and end
with whoever does not read."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gridgov.local.http_server import serve
from shared.http.server import protocol
from shared.http.server.concurrency_limit import ConcurrencyLimit, step_out
from shared.telemetry.metrics import Metrics

pytestmark = pytest.mark.anyio


class Site:
    """A stream of numbers, or of as much as a connection takes."""

    def __init__(self) -> None:
        self.limiter = ConcurrencyLimit(Metrics(CollectorRegistry()), "t", most=1)
        self.ended = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        step_out(scope, stream=True)
        gone = asyncio.create_task(self._gone(receive))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            async with asyncio.timeout(1 if scope["path"] == "/t/flood" else None):
                while not gone.done():
                    body = bytes(1_000_000) if scope["path"] == "/t/flood" else b"one\n"
                    await send({"type": "http.response.body", "body": body, "more_body": True})
                    await asyncio.sleep(0 if scope["path"] == "/t/flood" else 0.05)
        except TimeoutError:
            return
        finally:
            gone.cancel()
            self.ended.set()

    async def _gone(self, receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


@asynccontextmanager
async def running(site: Site) -> AsyncIterator[tuple[int, asyncio.Event]]:
    listener, stop = socket.create_server(("127.0.0.1", 0)), asyncio.Event()
    serving = asyncio.create_task(serve(site, listener, stop, {"t": site.limiter}))
    try:
        yield listener.getsockname()[1], stop
    finally:
        stop.set()
        await serving


@asynccontextmanager
async def asked(port: int, path: str) -> AsyncIterator[asyncio.StreamReader]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    try:
        yield reader
    finally:
        writer.transport.abort()


async def test_it_takes_no_place_and_ends_with_its_reader() -> None:
    site = Site()
    async with running(site) as (port, _):
        async with asked(port, "/t/one") as first:
            assert (await first.readline()).startswith(b"HTTP/1.1 200")
            async with asked(port, "/t/two") as second:  # there is room for one request
                assert (await second.readline()).startswith(b"HTTP/1.1 200")
                assert site.limiter.in_flight == 0
        await asyncio.wait_for(site.ended.wait(), 5)


async def test_a_server_that_stops_does_not_wait_for_it() -> None:
    site = Site()
    began = 0.0
    async with running(site) as (port, stop), asked(port, "/t/one") as reader:
        await reader.readline()
        stop.set()
        began = time.monotonic()
        await asyncio.wait_for(reader.read(), 5)
    assert time.monotonic() - began < 2


async def test_who_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "CUT_SECONDS", 0.2)
    site = Site()
    began = 0.0
    async with running(site) as (port, stop), asked(port, "/t/flood"):
        await asyncio.wait_for(site.ended.wait(), 10)  # it gave up: nobody reads
        await asyncio.sleep(0.5)
        stop.set()
        began = time.monotonic()
    assert time.monotonic() - began < 2, "its connection is gone, though it never read to the end"
