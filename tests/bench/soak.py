"""`python -m tests.bench.soak [--seconds 600]`: `gridgov up` under hostile callers, and how much memory it holds after.

They send bodies of every odd kind, ask for the largest pages and do not read them, and hold connections without a
word. When they are gone the process must come back to `COMES_BACK` times what it had after a little honest work.
"""

import argparse
import asyncio
import json
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.embedded import Instance, instance
from tests.support.postgres import ground

COMES_BACK: Final = 1.3
"""Of what it had before: so much may stay once the hostile callers have been gone for REST seconds."""
REST: Final = 45.0
LONG: Final = "路" * 10_000
"""The longest text that a report may have."""
REPORTS: Final = 220
"""Of these: one page and a little."""


@dataclass(frozen=True, slots=True)
class Held:
    """Megabytes of the process: before, the most meanwhile, afterwards; and what the callers were answered."""

    before: float
    most: float
    after: float
    answers: "Counter[str]"

    @property
    def ratio(self) -> float:
        return self.after / self.before

    def __str__(self) -> str:
        told = ", ".join(f"{what} {count:,}" for what, count in sorted(self.answers.items()))
        return (
            f"{self.before:.0f} MB before, {self.most:.0f} at most, {self.after:.0f} after: ×{self.ratio:.2f} ({told})"
        )


def soak(made: Instance, seconds: float, *, rest: float = REST, say: Callable[[str], None] = lambda _: None) -> Held:
    """On an instance that runs and has no reports."""
    assert made.process is not None
    pid, token = made.process.pid, made.token()
    hostile = Hostile(made.port, token)
    asyncio.run(hostile.honest())
    before = megabytes(pid)
    say(f"{before:.0f} MB; the hostile come")
    most = asyncio.run(hostile.all(seconds, lambda: megabytes(pid), say))
    say(f"{megabytes(pid):.0f} MB; they are gone")
    end = time.monotonic() + rest
    while (after := megabytes(pid)) > before * COMES_BACK and time.monotonic() < end:
        time.sleep(1)
    return Held(before, most, after, hostile.answers)


def megabytes(pid: int) -> float:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


class Hostile:
    def __init__(self, port: int, token: str) -> None:
        self.port, self.answers = port, Counter[str]()
        self._auth = f"Authorization: Bearer {token}\r\n"
        self._chance = random.Random(1)

    async def honest(self) -> None:
        """Long reports, and the pages of them read as they should be, so that all there is to be loaded is."""
        gate = asyncio.Semaphore(16)

        async def report(number: int) -> None:
            body = json.dumps({"text": LONG, "title": f"{number}"}, ensure_ascii=False).encode()
            async with gate:
                await self._said(self._post("/intake/reports", body, f"Idempotency-Key: soak-{number}\r\n"))

        await asyncio.gather(*(report(number) for number in range(REPORTS)))
        for path in PAGES:
            await self._said(self._get(path, "close"))

    async def all(self, seconds: float, measure: Callable[[], float], say: Callable[[str], None]) -> float:
        """All of them at once; the most that was measured."""
        end, most, told = time.monotonic() + seconds, 0.0, time.monotonic()
        callers: list[Coroutine[Any, Any, None]] = [self._odd(end) for _ in range(24)]
        callers += [self._slow(end) for _ in range(150)]
        callers += [self._silent(end) for _ in range(600)]
        tasks = [asyncio.create_task(caller) for caller in callers]
        while time.monotonic() < end:
            await asyncio.sleep(0.2)
            most = max(most, measure())
            if time.monotonic() - told > 15:
                told = time.monotonic()
                say(f"{measure():.0f} MB, {self.answers.total():,} answers")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return most

    async def _odd(self, end: float) -> None:
        """Body after body; each is answered with a refusal, or its connection is cut."""
        bodies = odd_bodies(self._chance)
        while time.monotonic() < end:
            name, path, body = next(bodies)
            try:
                await self._said(self._post(path, body), name)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                self.answers["cut"] += 1

    async def _slow(self, end: float) -> None:
        """Ask for the largest pages, several at once, and read a few bytes now and then."""
        while time.monotonic() < end:
            with suppress(OSError):
                reader, writer = await self._open(small=True)
                writer.write(self._get(PAGES[0]) * 3)
                until = min(end, time.monotonic() + self._chance.uniform(5, 60))
                while time.monotonic() < until:
                    if not await reader.read(256):
                        self.answers["slow reader cut"] += 1
                        break
                    await asyncio.sleep(1)
                writer.transport.abort()

    async def _silent(self, end: float) -> None:
        """A connection with nothing, half a head, or half a body on it."""
        while time.monotonic() < end:
            with suppress(OSError, asyncio.TimeoutError):
                reader, writer = await self._open()
                whole = self._post("/intake/reports", b"{" + b" " * 60_000)
                writer.write(whole[: self._chance.choice((0, 10, 200, 30_000))])
                async with asyncio.timeout(max(0.1, min(40.0, end - time.monotonic()))):
                    await reader.read(100)
                self.answers["silent cut"] += 1
                writer.transport.abort()

    async def _open(self, *, small: bool = False) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        sock = socket.socket()
        sock.setblocking(False)
        if small:  # else the system reads for us
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
            return await asyncio.open_connection(sock=sock, limit=1024)
        except OSError:
            sock.close()
            await asyncio.sleep(0.5)
            raise

    async def _said(self, request: bytes, name: str = "") -> None:
        """Send one request and read its answer whole."""
        reader, writer = await self._open()
        try:
            writer.write(request)
            status = (await reader.readuntil(b"\r\n")).split()[1].decode()
            while await reader.read(65_536):
                pass
            self.answers[status] += 1
        finally:
            writer.transport.abort()

    def _get(self, path: str, connection: str = "keep-alive") -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: {connection}\r\n{self._auth}\r\n".encode()

    def _post(self, path: str, body: bytes, more: str = "") -> bytes:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
        return f"{head}{self._auth}{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


PAGES: Final = (
    "/intake/reports?limit=200",
    "/dispatch/inbox?below=true&limit=200",
    "/supervision/clocks?limit=200",
    "/registry/units?limit=200",
)


def odd_bodies(chance: random.Random) -> Iterator[tuple[str, str, bytes]]:
    """Without end: what it is, where it goes, and the body."""
    while True:
        size = chance.randrange(1_000, 250_000)
        for name, body in (
            ("deep", b"[" * size),
            ("wide", json.dumps({f"k{n}": n for n in range(size // 12)}).encode()),
            ("list", json.dumps([{"text": "x"}] * (size // 12)).encode()),
            ("garbage", chance.randbytes(size)),
            ("text", json.dumps({"text": "长" * (size // 4)}, ensure_ascii=False).encode()),
            ("escapes", b'{"text":"' + b"\\ud800" * (size // 6) + b'"}'),
            ("digits", b'{"text":' + b"9" * size + b"}"),
            ("blank", b" " * size),
        ):
            yield name, chance.choice(("/intake/reports", "/dispatch/work-orders/x/accept")), body


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    seconds = parser.parse_args().seconds
    begun = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - begun:6.1f} s  {line}", file=sys.stderr, flush=True)

    with ground() as path, instance(path / "s") as made:
        made.launch()
        made.await_ready(within=240)
        held = soak(made, seconds, say=say)
        made.stop()
    print(held)
    return 0 if held.ratio <= COMES_BACK else 1


if __name__ == "__main__":
    sys.exit(main())
