"""What the contract tests of the buses do again and again: send, read, commit, and a member there to be killed."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from shared.bus.port import Bus, BusUnavailable, Consumer, Message, Producer, Record
from tests.contracts.bus_grounds import Ground

ROOT = Path(__file__).resolve().parents[2]
LONG = 60.0
"""Seconds after which a test gives up waiting for what must come."""


def numbered(topic: str, numbers: Iterable[int], keys: int = 10) -> list[Message]:
    """Messages 'key n' → 'n', spread over `keys` keys."""
    return [Message(topic, f"key {n % keys}", str(n).encode()) for n in numbers]


def numbers(records: Iterable[Record]) -> list[int]:
    return [int(record.value or b"-1") for record in records]


async def next_batch(consumer: Consumer, limit: int = 1000) -> Sequence[Record]:
    """The next batch that is not empty, not committed."""
    async with asyncio.timeout(LONG):
        while not (records := await consumer.fetch(limit=limit, wait=1)):
            pass
    return records


async def take(consumer: Consumer, count: int, limit: int = 1000) -> list[Record]:
    """Fetch and commit until `count` records came."""
    taken: list[Record] = []
    async with asyncio.timeout(LONG):
        while len(taken) < count:
            taken += await consumer.fetch(limit=limit, wait=1)
            await consumer.commit()
    return taken


async def drain(consumer: Consumer, quiet: int = 1, *, patient: bool = False) -> list[Record]:
    """Fetch and commit until nothing came `quiet` times in a row. `patient`: a bus that is away is waited for."""
    taken: list[Record] = []
    silent = 0
    async with asyncio.timeout(LONG):
        while silent < quiet:
            try:
                records = await consumer.fetch(limit=1000, wait=1)
                await consumer.commit()
            except BusUnavailable:
                if not patient:
                    raise
                await consumer.release()
                continue
            silent = 0 if records else silent + 1
            taken += records
    return taken


async def send(bus: Bus, messages: Sequence[Message], batch: int = 200) -> None:
    producer = await bus.producer("sender")
    for start in range(0, len(messages), batch):
        await producer.send(messages[start : start + batch])
    await producer.close()


async def send_patiently(producer: Producer, messages: Sequence[Message]) -> None:
    """Send again until the bus takes it."""
    async with asyncio.timeout(LONG):
        while True:
            try:
                return await producer.send(messages)
            except BusUnavailable:
                await asyncio.sleep(0.5)


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """The process stands still while the block runs: all its threads, which on a busy machine takes a moment."""
    os.kill(pid, signal.SIGSTOP)
    try:
        end = time.monotonic() + LONG
        while not all("State:\tT" in task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/status")):
            assert time.monotonic() < end, f"process {pid} does not stop"
            time.sleep(0.001)
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@dataclass(frozen=True, slots=True)
class Doomed:
    """A member in its own process that holds the messages `held`."""

    process: Process
    held: list[int]

    def sleep(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    async def wake_and_commit(self) -> str:
        """'committed' or 'fenced'."""
        self.process.send_signal(signal.SIGCONT)
        assert self.process.stdin is not None
        self.process.stdin.write(b"commit\n")
        return await _line(self.process)


async def _line(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(LONG):
        return (await process.stdout.readline()).decode().strip()


@asynccontextmanager
async def doomed_member(ground: Ground, group: str, topic: str, member: str) -> AsyncIterator[Doomed]:
    """Ready once it holds a batch; killed with SIGKILL at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contracts.bus_member", ground.kind, ground.address, group, topic, member,
        cwd=ROOT, stdin=PIPE, stdout=PIPE,
    )  # fmt: skip
    try:
        yield Doomed(process, json.loads(await _line(process)))
    finally:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        await process.wait()
