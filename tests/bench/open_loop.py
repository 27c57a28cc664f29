"""The load generator of the overload bench, a process of its own: for each line of JSON one answer in a line.

An order is a list of phases over the same connections. A phase with a rate is open loop: requests leave at their
instants whatever became of those before, so a slow server meets more of them, not fewer. It shares the server's CPUs,
so it writes rendered bytes to bare sockets and reads no more of an answer than it counts.
"""

import asyncio
import json
import resource
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from tests.bench.load import bodies
from tests.bench.outcome import percentile

PATIENCE: Final = 4.0
"""Seconds after which a caller gives up and hangs up."""
GOOD: Final = 2.0
"""Seconds within which a 201 counts as goodput."""
_TICK: Final = 0.002


@dataclass(slots=True)
class Phase:
    """What became of the requests that left in one phase; times in seconds, `sent` since the phase began."""

    seconds: float
    due: int = 0
    unsent: int = 0
    """Due, but every connection was waiting for an answer."""
    statuses: "Counter[str]" = field(default_factory=Counter)
    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    bare: int = 0
    """Refusals without Retry-After or not problem+json."""
    trouble: list[tuple[float, str, float]] = field(default_factory=list)
    """Of each that was not a 201 within a second: when it left, what became of it, and after how long."""
    cpu: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "due": self.due,
            "unsent": self.unsent,
            "statuses": dict(self.statuses),
            "good_per_second": sum(t <= GOOD for t in self.accepted) / self.seconds,
            "accepted_ms": _quantiles(self.accepted),
            "refused_ms": _quantiles(self.refused),
            "bare": self.bare,
            "untroubled_after": max(self.trouble, default=(0.0,))[0],
            "last_troubles": [
                f"{left:.2f} s: {what} after {took:.2f} s" for left, what, took in sorted(self.trouble)[-5:]
            ],
            "cpu": round(self.cpu, 2),
        }


def _quantiles(times: list[float]) -> dict[str, float]:
    return {f"p{p}": round(percentile(times, p) * 1000, 1) for p in (50, 99)} if len(times) > 1 else {}


class Caller(asyncio.Protocol):
    """One connection, at most one request on it."""

    __slots__ = ("began", "crowd", "left", "needed", "phase", "read", "timer", "transport")

    def __init__(self, crowd: "Crowd") -> None:
        self.crowd = crowd
        self.transport: Any = None
        self.phase: Phase | None = None
        self.read = b""
        self.needed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def send(self, phase: Phase, began: float, left: float) -> None:
        """Ask; `began` is when the request was due, `left` how far into its phase."""
        self.phase, self.began, self.left, self.read, self.needed = phase, began, left, b"", 0
        self.transport.write(self.crowd.request())

    def data_received(self, data: bytes) -> None:
        self.read = self.read + data if self.read else data
        if not self.needed:
            end = self.read.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.read[:end].lower()
            length = head.find(b"content-length:")
            body = int(head[length + 15 : (head + b"\r\n").find(b"\r\n", length)]) if length >= 0 else 0
            self.needed = end + 4 + body
        if len(self.read) >= self.needed:
            self._answered()

    def connection_lost(self, _: Exception | None) -> None:
        if self.phase is not None:
            self.crowd.settle(self, "cut")
        self.crowd.lost(self)

    def give_up(self) -> None:
        self.crowd.settle(self, "timeout")
        self.transport.abort()

    def _answered(self) -> None:
        status, phase = self.read[9:12].decode("latin-1"), self.phase
        if phase is None:
            return
        if status in ("503", "429"):
            head = self.read[: self.needed].lower()
            if b"retry-after:" not in head or b"application/problem+json" not in head:
                phase.bare += 1
        self.crowd.settle(self, status)
        if self.crowd.fresh or b"connection: close" in self.read[: self.needed].lower():
            self.transport.close()
        else:
            self.crowd.free.append(self)


class Crowd:
    """All connections. `fresh`: each request on a connection of its own, hung up after the answer."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.host, self.port, self.most, self.fresh = order["host"], order["port"], order["connections"], order["fresh"]
        fixed = (
            f"POST {order['path']} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAuthorization: Bearer {order['token']}\r\n"
            "Accept: */*\r\nAccept-Language: zh-CN\r\nUser-Agent: bench\r\nContent-Type: application/json\r\n"
        ).encode()
        self.heads = [fixed + b"Content-Length: %d\r\nIdempotency-Key: " % len(body) for body in bodies()]
        self.tails = [b"\r\n\r\n" + body for body in bodies()]
        self.run, self.number = uuid4().hex.encode(), 0
        self.free: deque[Caller] = deque()
        self.open = 0
        self.waiting: dict[Caller, None] = {}
        """In the order in which they asked."""
        self.turn: asyncio.Event | None = None
        """Set by each answer while a phase is a closed loop."""

    def request(self) -> bytes:
        self.number += 1
        which = self.number % len(self.heads)
        return b"%s%s-%d%s" % (self.heads[which], self.run, self.number, self.tails[which])

    def settle(self, caller: Caller, status: str) -> None:
        phase, caller.phase = caller.phase, None
        assert phase is not None
        took = time.perf_counter() - caller.began
        self.waiting.pop(caller, None)
        phase.statuses[status] += 1
        if status == "201":
            phase.accepted.append(took)
        elif status in ("503", "429"):
            phase.refused.append(took)
        if status != "201" or took > 1:
            phase.trouble.append((caller.left, status, took))
        if self.turn is not None:
            self.turn.set()

    def lost(self, caller: Caller) -> None:
        self.open -= 1
        if caller in self.free:
            self.free.remove(caller)

    def ask(self, phase: Phase, began: float, left: float) -> bool:
        while self.free:
            caller = self.free.pop()
            if not caller.transport.is_closing():
                self.waiting[caller] = None
                caller.send(phase, began, left)
                return True
        if self.open >= self.most:
            return False
        self.open += 1
        task = asyncio.ensure_future(self._connect(phase, began, left))
        self.connecting.add(task)
        task.add_done_callback(self.connecting.discard)
        return True

    connecting: "set[asyncio.Task[None]]" = set()  # noqa: RUF012 - one crowd a process

    async def _connect(self, phase: Phase, began: float, left: float) -> None:
        caller = Caller(self)
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.get_running_loop().create_connection(lambda: caller, self.host, self.port)
        except (OSError, TimeoutError):
            self.open -= 1
            caller.phase, caller.began, caller.left = phase, began, left
            self.settle(caller, "no connection")
            return
        self.waiting[caller] = None
        caller.send(phase, began, left)

    def hang_up(self) -> None:
        """Those who have waited for long enough give up."""
        before = time.perf_counter() - PATIENCE
        while self.waiting and (oldest := next(iter(self.waiting))).began < before:
            oldest.give_up()

    async def play(self, rate: float, seconds: float, connections: int) -> Phase:
        phase, cpu, start = Phase(seconds), _cpu(), time.perf_counter()
        self.turn = None if rate else asyncio.Event()
        while (now := time.perf_counter()) < start + seconds:
            if rate:
                while phase.due < (now - start) * rate:
                    left = phase.due / rate
                    phase.due += 1
                    phase.unsent += not self.ask(phase, start + left, left)
                await asyncio.sleep(_TICK)
            else:
                assert self.turn is not None
                while len(self.waiting) + len(self.connecting) < connections and self.ask(phase, now, now - start):
                    phase.due += 1
                self.turn.clear()
                await asyncio.wait({asyncio.ensure_future(self.turn.wait())}, timeout=0.05)
            self.hang_up()
        phase.cpu = (_cpu() - cpu) / (time.perf_counter() - start)
        return phase


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def rounds(order: dict[str, Any]) -> list[dict[str, Any]]:
    crowd = Crowd(order)
    phases = []
    for phase in order["phases"]:
        phases.append(await crowd.play(phase.get("rate", 0.0), phase["seconds"], phase.get("connections", 0)))
        if not phase.get("on", False):  # the next one begins when the last of this one has an answer
            end = time.perf_counter() + PATIENCE + 1
            while (crowd.waiting or crowd.connecting) and time.perf_counter() < end:
                await asyncio.sleep(0.02)
                crowd.hang_up()
    end = time.perf_counter() + PATIENCE + 1
    while (crowd.waiting or crowd.connecting) and time.perf_counter() < end:
        await asyncio.sleep(0.02)
        crowd.hang_up()
    for caller in [*crowd.free, *crowd.waiting]:
        caller.transport.abort()
    await asyncio.sleep(0)
    return [phase.as_json() for phase in phases]


async def main() -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await rounds(json.loads(line))), flush=True)


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
