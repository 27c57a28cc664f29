"""Drives `gridgov up` as a user starts it: a process of its own, a state directory, a port, signals, kill -9.

Knows every process that an instance started (by pid and start, and by the lock file that PostgreSQL's all hold), so a
test can say that none is left, and none is when it is over, whatever happened.
"""

import asyncio
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest

from gridgov.cli.replay import SAMPLE
from gridgov.local import postgres_place as place
from gridgov.local.database import NAME
from gridgov.local.errors import StartError
from gridgov.local.locks import waiting
from gridgov.local.postgres import dsn_of
from gridgov.local.processes import holders, lives, started_at
from gridgov.local.state import StateDirectory
from tests.support.forked import Forked
from tests.support.model import trained
from tests.support.ports import free_port
from tests.support.postgres import ground

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 20.0
"""Six of them may pass until a caller that never finishes is let down; the rest is for a machine that is busy."""
READY = "GridGov is ready"
_OURS = ("GRIDGOV_", "DATABASE_URL", "PG", "MAKE", "MFLAGS", "PYTHONDONTWRITEBYTECODE")
"""What would choose another instance or make a make a part of the one that runs the tests; the last because to compile
everything anew at each start would take longer than the start."""


def environment(**chosen: str) -> dict[str, str]:
    """This process's environment without what would choose another instance, and with what the test chooses; without the
    demo, which costs seconds, unless it does."""
    return {
        "GRIDGOV_DEMO": "0",
        **{name: value for name, value in os.environ.items() if not name.startswith(_OURS)},
        **chosen,
    }


def eventually(holds: Callable[[], object], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@dataclass
class Instance:
    """`gridgov up` on `state` and `port`, any number of times one after the other. `extra` is added to its environment.
    Where it is `forked`, its start takes a second of the machine instead of four."""

    state: Path
    port: int = field(default_factory=free_port)
    extra: Mapping[str, str] = field(default_factory=dict)
    root: Path = ROOT
    forked: bool = False
    process: "subprocess.Popen[bytes] | Forked | None" = None
    seen: set[tuple[int, str]] = field(default_factory=set)
    """Every process that was ever seen below this instance's, as pid and start."""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        own = {"GRIDGOV_STATE": str(self.state), "GRIDGOV_PORT": str(self.port), "GRIDGOV_MODEL": str(trained())}
        return environment(**{**own, **self.extra})

    @property
    def said(self) -> str:
        """What the present run has printed on standard output."""
        return self._output("out").read_text("utf-8")

    @property
    def told(self) -> str:
        """What it has printed on standard error."""
        return self._output("err").read_text("utf-8")

    def start(self, within: float = START_SECONDS) -> float:
        """Return when it says that it is ready; the seconds that took."""
        begun = time.monotonic()
        self.launch()
        self.await_ready(within)
        return time.monotonic() - begun

    def launch(self) -> None:
        """Start it in a session of its own, as a terminal would, and do not wait."""
        self.state.parent.mkdir(exist_ok=True)
        if self.forked:
            self.process = Forked(["up"], self.env, self.root, self._output("out"), self._output("err"))
            return
        with self._output("out").open("w") as out, self._output("err").open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gridgov", "up"],
                cwd=self.root, env=self.env, start_new_session=True, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            )  # fmt: skip

    def await_ready(self, within: float = START_SECONDS) -> None:
        assert self.process is not None
        running = self.process
        assert eventually(lambda: "TOKEN=" in self.said or running.poll() is not None, within), self.told
        assert running.poll() is None, self.told
        self.look()

    def send(self, number: int) -> None:
        assert self.process is not None
        self.look()
        self.process.send_signal(number)

    def ended(self, within: float = STOP_SECONDS) -> int:
        """Its exit code, once it has ended by itself."""
        assert self.process is not None
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            pytest.fail(f"still running after {within} s: {self.told}")

    def stop(self, number: int = signal.SIGTERM) -> float:
        """End it by a signal; the seconds that took. It must end cleanly."""
        begun = time.monotonic()
        self.send(number)
        assert self.ended() == 0, self.told
        return time.monotonic() - begun

    def kill(self) -> None:
        """kill -9; what it started ends by itself, soon."""
        self.send(signal.SIGKILL)
        self.ended()

    def look(self) -> None:
        """Note all processes below the running one."""
        if self.process is None or self.process.poll() is not None:
            return
        parents: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
                parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        below = [self.process.pid]
        for pid in below:
            below += parents.get(pid, [])
            if started := started_at(pid):
                self.seen.add((pid, started))

    def left(self) -> set[int]:
        """Processes of this instance that live, but for itself."""
        own = self.process.pid if self.process is not None else 0
        left = {pid for pid, started in self.seen if pid != own and lives(pid, started)}
        with suppress(StartError, OSError):
            left |= holders(place.find(StateDirectory.peek(self.state)) / "server.lock")
        return left

    def end(self) -> None:
        """Whatever the test did: no process of it stays."""
        if self.process is not None and self.process.poll() is None:
            self.look()
            self.process.kill()
            self.process.wait()
        eventually(lambda: not self.left(), 10)
        for pid in self.left():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "gridgov", *arguments]

    def run(self, *arguments: str, timeout: float = 60) -> "subprocess.CompletedProcess[str]":
        """Another `gridgov` command on the same state and port."""
        return subprocess.run(
            self.command(*arguments), cwd=self.root, env=self.env, capture_output=True, text=True, check=False,
            timeout=timeout, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def token(self, role: str = "admin", unit: str | None = None) -> str:
        """As the command prints it."""
        ran = self.run("token", "--role", role, *(("--unit", unit) if unit else ()))
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    def replayed(self, *arguments: str, timeout: float = 100) -> dict[str, Any]:
        """What `gridgov replay … --json` says on its last line."""
        ran = self.run("replay", *arguments, "--json", timeout=timeout)
        assert ran.returncode == 0, ran.stderr
        summary: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
        return summary

    @contextmanager
    def http(self, token: str | None = None) -> Iterator[httpx2.Client]:
        """A client that knows nothing of the program but its address."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        with httpx2.Client(base_url=self.base, headers=headers, timeout=20, trust_env=False) as client:
            yield client

    @property
    def greeted_token(self) -> str:
        """The token that the greeting shows."""
        return next(line for line in self.said.splitlines() if line.startswith("TOKEN=")).removeprefix("TOKEN=")

    @property
    def dsn(self) -> str:
        return self.extra.get("DATABASE_URL") or dsn_of(StateDirectory.peek(self.state), NAME)

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Asked of the database itself, past all of the program."""
        return asyncio.run(_fetch(self.dsn, statement, values))

    def count(self, statement: str, *values: object) -> int:
        return int(self.rows(statement, *values)[0][0])

    def _output(self, name: str) -> Path:
        return self.state.parent / f"{self.state.name}.{name}"


async def _fetch(dsn: str, statement: str, values: tuple[object, ...]) -> list[Any]:
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close(timeout=5)


DEAD_LETTERS = """
    SELECT count(*) FROM bus.message m JOIN bus.partition p ON p.id = m.part JOIN bus.topic t ON t.id = p.topic
    WHERE t.name LIKE '%.dead\\_letters'
"""


@contextmanager
def instance(state: Path, **more: Any) -> Iterator[Instance]:
    made = Instance(state, **more)
    try:
        yield made
    finally:
        made.end()


@dataclass(frozen=True, slots=True)
class FirstStart:
    """A first start that became ready and was stopped at once: what it said meanwhile, of where it was (`place`), and a
    copy of its state."""

    state: Path
    place: Path
    port: int
    seconds: float
    said: str
    told: str


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """One for all processes of the test run, because it takes many seconds; tests start on copies of its state."""
    base = tmp_path_factory.getbasetemp()
    kept = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "first-start"
    with waiting(kept.with_suffix(".lock")):
        if not kept.exists():
            with ground() as path, instance(path / "s") as made:
                seconds = made.start()
                made.stop()
                new = kept.with_suffix(".new")
                shutil.copytree(made.state, new / "s")
                told = FirstStart(kept / "s", made.state, made.port, seconds, made.said, made.told)
                (new / "told.json").write_text(json.dumps(asdict(told), default=str), "utf-8")
                new.rename(kept)
    told = json.loads((kept / "told.json").read_text("utf-8"))
    return FirstStart(**{**told, "state": Path(told["state"]), "place": Path(told["place"])})


@contextmanager
def copied(first: FirstStart, **more: Any) -> Iterator[Instance]:
    """An instance on a state of its own that has been started before; not running yet."""
    with ground() as path:
        shutil.copytree(first.state, path / "s")
        with instance(path / "s", forked=True, **more) as made:
            yield made


@pytest.fixture
def prepared(first_start: FirstStart) -> Iterator[Instance]:
    """An instance of the test's own, to be started."""
    with copied(first_start) as made:
        yield made


def messages(path: Path, copies: int) -> int:
    """Write a file with the sample's messages, each `copies` times under ids of its own; how many that are."""
    with SAMPLE.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = list(csv.reader(stream))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        for copy in range(copies):
            writer.writerows([f"{row[0]}-{copy}", *row[1:]] for row in rows)
    return copies * len(rows)
