"""A TCP proxy for fault tests: 127.0.0.1:`port` passed on to a target, over a network that can be made bad at any moment.

Its event loop has one thread of its own, so that any test can use it. What must hold: what arrives, arrives in order
and whole, as TCP promises: a connection that lost bytes is reset and never goes on. No more than `_AHEAD` chunks are
read ahead of what could be written.
"""

import asyncio
import math
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Address = str | Path | tuple[str, int]
Target = Address | Callable[[], Address]
Altered = Callable[[bytes], bytes]
_CHUNK = 65536
_AHEAD = 16
_PORTION_SECONDS = 0.05
_DOOM = 0.2
"""By which chance per chunk a connection is reset that is to be reset."""
_Queue = asyncio.Queue[tuple[float, bytes]]


@dataclass(frozen=True, slots=True)
class Toxics:
    """What is wrong with the network: nothing, as made. In seconds, bytes, and chances from 0 to 1."""

    latency: float = 0.0
    jitter: float = 0.0
    reset_chunk: float = 0.0
    reset_connection: float = 0.0
    slice: int = _CHUNK
    pause: float = 0.0
    bandwidth: float = math.inf
    mode: Literal["open", "down", "half_open"] = "open"


@dataclass(slots=True, eq=False)
class _Pair:
    """One connection: the caller's socket and, once there is one, the target's. `lost`: bytes of it were swallowed."""

    sockets: list[socket.socket]
    seed: str
    doomed: bool
    lost: bool

    def end_by_reset(self) -> None:
        """Its close, which follows, is told to both ends as RST."""
        for each in self.sockets:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Proxy:
    """Toxics take effect before the method returns, on open connections too, both ways; they add up until `heal`.
    By the same `seed` the same chunk of the n-th connection has the same fate.

    `accepted` and `cut` (reset by us) count connections, and `swallowed` bytes, so that a test sees its fault happen.
    """

    def __init__(self, target: Target, port: int = 0, seed: int = 0) -> None:
        self._target = target
        self._seed = seed
        self._pairs: dict[asyncio.Task[None], _Pair] = {}
        self._listener: socket.socket | None = None
        self._place = _bound(port)  # never listens: it keeps the port ours while connections to it are refused
        self.port: int = self._place.getsockname()[1]
        self.accepted = self.cut = self.swallowed = 0
        self._changed = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy-{self.port}", daemon=True)
        self._thread.start()
        self.heal()

    def latency(self, seconds: float, jitter: float = 0.0) -> None:
        """Each way takes `seconds` and, by chance, up to `jitter` more."""
        self._make(replace(self._toxics, latency=seconds, jitter=jitter))

    def resets(self, chunk: float = 0.0, connection: float = 0.0) -> None:
        """RST to both ends, by chance at each `chunk` carried, and for a share of the new `connection`s early on."""
        self._make(replace(self._toxics, reset_chunk=chunk, reset_connection=connection))

    def slicer(self, size: int, pause: float = 0.0) -> None:
        """At most `size` bytes in one write, then `pause` seconds of nothing."""
        self._make(replace(self._toxics, slice=size, pause=pause))

    def bandwidth(self, bytes_per_second: float) -> None:
        """For each connection and each way."""
        self._make(replace(self._toxics, bandwidth=bytes_per_second))

    def down(self) -> None:
        """As if the target's program had ended: new connections are refused, open ones closed."""
        self._make(replace(self._toxics, mode="down"))

    def half_open(self) -> None:
        """A dead network: connections are taken and stay, what is sent vanishes, its end too; nothing is answered."""
        self._make(replace(self._toxics, mode="half_open"))

    def heal(self) -> None:
        """All is well. Connections that lost bytes are reset; idle ones outlive a dead network, as they do in truth."""
        self._make(Toxics())

    def close(self) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._place.close()

    def _make(self, toxics: Toxics) -> None:
        asyncio.run_coroutine_threadsafe(self._apply(toxics), self._loop).result(10)

    async def _apply(self, toxics: Toxics) -> None:
        self._toxics = toxics
        self._changed.set()
        self._changed = asyncio.Event()
        if self._listener is None and toxics.mode != "down":
            self._listener = _bound(self.port)
            self._listener.listen(256)
            self._loop.add_reader(self._listener, self._accept, self._listener)
        elif self._listener is not None and toxics.mode == "down":
            self._loop.remove_reader(self._listener)
            self._listener.close()
            self._listener = None
        ended = [task for task, pair in self._pairs.items() if toxics.mode == "down" or pair.lost]
        if toxics.mode == "half_open" or not ended:
            return
        for task in ended:
            if toxics.mode == "open":
                self._pairs[task].end_by_reset()
                self.cut += 1
            task.cancel()
        await asyncio.wait(ended)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(BlockingIOError, ConnectionAbortedError):
            near = _made_swift(listener.accept()[0])
            self.accepted += 1
            toxics, seed = self._toxics, f"{self._seed} {self.accepted}"
            doomed = random.Random(seed).random() < toxics.reset_connection
            pair = _Pair([near], seed, doomed, lost=toxics.mode == "half_open")
            task = self._loop.create_task(self._carry(pair))
            self._pairs[task] = pair
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """However it ended, and also when it had not begun."""
        for each in self._pairs.pop(task).sockets:
            each.close()

    async def _carry(self, pair: _Pair) -> None:
        (near,) = pair.sockets
        try:
            if pair.lost:
                await self._read(pair, near, _Queue(), bytes)
            address = self._target() if callable(self._target) else self._target
            far = socket.socket(socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX)
            pair.sockets.append(_made_swift(far))
            await self._loop.sock_connect(far, address if isinstance(address, tuple) else str(address))
            there, back = self._ways()
            async with asyncio.TaskGroup() as ways:
                for source, sink, altered in ((near, far, there), (far, near, back)):
                    queue = _Queue(_AHEAD)
                    ways.create_task(self._read(pair, source, queue, altered))
                    ways.create_task(self._write(pair, queue, sink))
        except* (OSError, LookupError, StopIteration):  # reset by an end of it or by us; or there is no target yet
            pair.end_by_reset()

    def _ways(self) -> tuple[Altered, Altered]:
        """For one connection, what becomes of a chunk to the target and of one back: here, itself. A proxy that knows
        what is spoken may hold bytes until it knows more (then b""), and change them."""
        return bytes, bytes

    async def _read(self, pair: _Pair, source: socket.socket, queue: _Queue, altered: Altered) -> None:
        """Chunks, each with the time it is due; an empty one is the end."""
        data, due, chance = b"-", 0.0, random.Random(f"{pair.seed} {pair.sockets.index(source)}")
        while data:
            try:
                data = await self._loop.sock_recv(source, _CHUNK)
            except ConnectionError:
                if self._toxics.mode != "half_open":
                    raise
                data = b""
            toxics = self._toxics
            if toxics.mode == "half_open":
                pair.lost = True
                self.swallowed += len(data)
                await (asyncio.sleep(0) if data else self._loop.create_future())  # its end is not told: until healed
                continue
            doom = _DOOM if pair.doomed and toxics.reset_connection else 0
            if data and chance.random() < max(doom, toxics.reset_chunk):
                self.cut += 1
                raise ConnectionResetError
            due = max(due, self._loop.time() + toxics.latency + chance.uniform(0, toxics.jitter))
            if (carried := altered(data)) or not data:
                await queue.put((due, carried if data else b""))

    async def _write(self, pair: _Pair, queue: _Queue, sink: socket.socket) -> None:
        data = b"-"
        while data:
            due, data = await queue.get()
            while self._toxics.latency + self._toxics.jitter and (early := due - self._loop.time()) > 0:
                await self._pause(early)
            rest = memoryview(data)
            while rest and self._toxics.mode != "half_open":
                toxics = self._toxics
                size = int(min(len(rest), toxics.slice, max(1, toxics.bandwidth * _PORTION_SECONDS)))
                await self._loop.sock_sendall(sink, rest[:size])
                rest = rest[size:]
                if pause := toxics.pause + size / toxics.bandwidth:
                    await self._pause(pause)
            if self._toxics.mode == "half_open":
                pair.lost, data = True, b"-"
        sink.shutdown(socket.SHUT_WR)

    async def _pause(self, seconds: float) -> None:
        """Shorter when the toxics change meanwhile."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()


def _made_swift(each: socket.socket) -> socket.socket:
    each.setblocking(False)
    if each.family == socket.AF_INET:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return each


def _bound(port: int) -> socket.socket:
    each = socket.socket()
    each.setblocking(False)
    each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    each.bind(("127.0.0.1", port))
    return each


@contextmanager
def running_proxy(target: Target, port: int = 0, seed: int = 0) -> Iterator[Proxy]:
    """To a unix socket's path, a (host, port), or what a callable says at each connect.

    Connections are reset at once while there is no such target, or the callable raises an OSError, LookupError or
    StopIteration.
    """
    proxy = Proxy(target, port, seed)
    try:
        yield proxy
    finally:
        proxy.close()
