"""What keeps a local cluster running keeps running itself: on a full disk, and when the parts' parent is replaced."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gridgov.cluster import launcher
from gridgov.cluster.launcher import Launcher
from gridgov.cluster.parts import FILE, Overview, Part, plan
from gridgov.cluster.parts_file import PartsFile
from gridgov.cluster.waiting import say
from gridgov.local.kafka import local_broker
from gridgov.local.kafka.settings import Node
from gridgov.local.state import StateDirectory
from gridgov.local.troubles import Troubles
from tests.support.ports import free_port

OVERVIEW = Overview(1, "now", "http://127.0.0.1:8000", "127.0.0.1:9092")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateDirectory]:
    with StateDirectory.open(tmp_path / "state") as opened:
        yield opened


@asynccontextmanager
async def kept(keeping: Any, stop: asyncio.Event) -> AsyncIterator["asyncio.Task[None]"]:
    """A loop of the launcher's, ended after the block."""
    task = asyncio.create_task(keeping)
    try:
        yield task
    finally:
        stop.set()
        await task


def test_an_overview_that_cannot_be_written_is_told_once_and_written_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, obstacle = PartsFile(tmp_path, Troubles(say)), tmp_path / f"{FILE}.new"
    obstacle.mkdir()
    for _ in range(3):
        file.write(OVERVIEW)
    assert capsys.readouterr().err.count("cannot be written") == 1
    assert Overview.read(tmp_path) is None
    obstacle.rmdir()
    for _ in range(3):
        file.write(OVERVIEW)
    assert capsys.readouterr().err.count("is written again") == 1
    assert Overview.read(tmp_path) == OVERVIEW


def test_an_overview_that_says_nothing_new_is_not_written(tmp_path: Path) -> None:
    file = PartsFile(tmp_path, Troubles(say))
    file.write(OVERVIEW)
    before = (tmp_path / FILE).stat().st_ino
    file.write(Overview(1, "now", OVERVIEW.url, OVERVIEW.kafka))
    assert (tmp_path / FILE).stat().st_ino == before
    file.write(Overview(2, "later", OVERVIEW.url, OVERVIEW.kafka))
    assert Overview.read(tmp_path) == Overview(2, "later", OVERVIEW.url, OVERVIEW.kafka)


def test_clusters_that_start_together_plan_other_ports() -> None:
    plans = [[part.port for part in plan(8000, 1, 1)] for _ in range(8)]
    assert len({ports[0] for ports in plans}) > 1
    assert all(len(set(ports)) == len(ports) for ports in plans)


async def test_a_disk_that_takes_nothing_is_told_once_and_does_not_end_what_keeps_the_brokers(
    state: StateDirectory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the broker's own files nor the overview can be written."""
    monkeypatch.setattr(local_broker.programs, "find", SimpleNamespace)
    kafka = state.path / "kafka"
    kafka.mkdir()
    monkeypatch.setattr(launcher, "_BACKOFF", (0.05,))
    monkeypatch.setattr(launcher, "LOOK_SECONDS", 0.05)
    watching = Launcher(state, port=free_port())
    tries = Counter[int]()
    monkeypatch.setattr(watching._kafka, "kill", lambda number: tries.update([number]))
    watching._kafka._record([local_broker.Broker(Node(1, free_port(), free_port()))])
    (kafka / "broker-1").touch()  # no directory can be made there
    (state.path / f"{FILE}.new").mkdir()
    async with kept(watching._keep_brokers(), watching._stop) as keeping:
        while tries[1] < 4:
            await asyncio.sleep(0.05)
        assert not keeping.done()
    said = capsys.readouterr().err
    assert [said.count(line) for line in ("has ended", "is not a directory", "cannot be written")] == [1, 1, 1], said


async def test_a_part_that_ends_again_and_again_is_told_once_and_when_it_is_another_end(
    state: StateDirectory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher, "_STEADY_SECONDS", 0.3)
    watching = Launcher(state, port=free_port())
    part = watching._parts["front"]
    for code in (1, 1, 1, -9, 1):
        watching._again(part, code)
    watching._forget_restarts()
    assert capsys.readouterr().err.splitlines() == [
        f"· front 已结束({code})，重新启动 has ended ({code}): starting it again" for code in (1, -9)
    ]
    watching._begun["front"] = time.monotonic()
    watching._settle()
    assert not capsys.readouterr().err, "it may end again at once"
    await asyncio.sleep(0.4)
    watching._again(part, 1)
    watching._forget_restarts()
    assert [line.rpartition(" 已")[2] for line in capsys.readouterr().err.splitlines()] == [
        "恢复 runs again", "结束(1)，重新启动 has ended (1): starting it again",
    ]  # fmt: skip


class FakeForkServer:
    """Every part starts at once; then what `script` says happens, and `over` is waited for."""

    def __init__(self, over: asyncio.Event, *script: dict[str, Any]) -> None:
        self.started: Counter[str] = Counter()
        self._over, self._script = over, script

    async def start(self, part: Part, *_: object) -> None:
        self.started[part.name] += 1

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        for part in self.started:
            yield {"part": part, "pid": 0, "started": ""}
        for event in self._script:
            yield event
        await self._over.wait()

    async def close(self) -> None:
        self._over.set()


async def test_a_restart_that_is_due_when_the_parent_is_replaced_makes_no_second_copy(
    state: StateDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "_BACKOFF", (1.3,))  # longer than the pause before the next parent
    watching = Launcher(state, port=free_port())
    gone = asyncio.Event()
    gone.set()
    first = FakeForkServer(gone, {"part": "front", "ended": -9, "pid": 0})
    second = FakeForkServer(watching._stop)
    servers = iter((first, second))

    async def open_next(_: Path) -> FakeForkServer:
        return next(servers)

    monkeypatch.setattr(launcher.ForkServer, "open", open_next)
    async with kept(watching._keep_parts(), watching._stop):
        await asyncio.sleep(1.8)
    assert second.started == Counter(watching._parts.keys()), "each once"
