"""A real cluster for tests: `gridgov cluster up` as its user would run it, in a directory of its own."""

import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from gridgov.cluster.databases import database_url
from gridgov.local.processes import started_at
from gridgov.local.state import StateDirectory
from gridgov.local.tokens import issue
from shared.auth.principal import Role
from tests.support.compose import keys_seen
from tests.support.model import trained
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "gridgov"]
_START_SECONDS = 150.0
_HTTP = httpx2.Client(timeout=8, trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0))
"""One for all who ask: `httpx2.get` reads the certificates of the world each time, 60 ms of CPU beside what is tested."""


def eventually(holds: Callable[[], object], seconds: float = 45.0) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def get(port: int, path: str, **more: Any) -> httpx2.Response:
    """What a part of this machine answers on its own port, on a connection of its own. Raises httpx2.TransportError."""
    return _HTTP.get(f"http://127.0.0.1:{port}/{path}", **more)


def answers(port: int, path: str) -> int:
    """The status of that, 0 when nothing answers."""
    try:
        return get(port, path).status_code
    except httpx2.TransportError:
        return 0


def end_with_us() -> None:
    """For `preexec_fn`: a test run that is killed leaves nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@contextmanager
def process(*arguments: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """A command of `gridgov` as a plain process; killed at the end if it still runs."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GRIDGOV_", "DATABASE_URL"))}
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT, env={**clean, **environment}, text=True, preexec_fn=end_with_us,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as running:  # fmt: skip
        try:
            yield running
        finally:
            with suppress(ProcessLookupError):
                running.kill()


@dataclass(slots=True)
class Cluster:
    """`launcher` is the process of `cluster up`."""

    directory: Path
    url: str
    kafka: str
    launcher: "subprocess.Popen[str]"
    http: httpx2.Client

    @property
    def state(self) -> StateDirectory:
        return StateDirectory.peek(self.directory)

    def status(self) -> dict[str, Any]:
        ran = subprocess.run(
            [*COMMAND, "cluster", "status", "--json", "--dir", str(self.directory)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(ran.stdout)
        assert ran.returncode == (0 if found["ready"] else 1)
        return found

    def parts(self) -> dict[str, dict[str, Any]]:
        """By name, as the launcher last wrote them: cheap, and without readiness."""
        content = json.loads((self.directory / "parts.json").read_text("utf-8"))
        return {part["name"]: part for part in content["parts"]}

    def caller(self, role: Role = Role.ADMIN) -> dict[str, str]:
        return {"authorization": f"Bearer {issue(self.state, role, None)}"}

    def report(self, key: str, text: str = "新安社区小区门口路灯不亮,晚上出行不安全") -> httpx2.Response:
        return self.http.post(
            "/intake/reports",
            json={"text": text, "channel": "hotline"},
            headers={**self.caller(Role.SERVICE), "idempotency-key": key},
        )

    def work_orders(self, report_id: str) -> list[dict[str, Any]]:
        answer = self.http.get("/dispatch/work-orders", params={"report_id": report_id}, headers=self.caller())
        return list(answer.json()["items"]) if answer.status_code == 200 else []

    def environment(self, service: str) -> dict[str, str]:
        """What one more process of `service` is started with, and of the keys what its container sees."""
        seen = self.directory / f"seen-by-{service}"
        seen.mkdir(exist_ok=True)
        for part in keys_seen(service, "api"):
            if not (seen / part).is_symlink():
                (seen / part).symlink_to(self.state.secrets / part)
        return {
            "DATABASE_URL": database_url(self.state, service),
            "GRIDGOV_KAFKA": self.kafka,
            "GRIDGOV_KEYS": str(seen),
            "GRIDGOV_STATE": str(self.directory),
        }


@contextmanager
def running_cluster(directory: Path, *options: str, port: int | None = None) -> Iterator[Cluster]:
    """Ready when the block begins; stopped when it ends."""
    port = port or free_port()
    if not directory.exists():
        StateDirectory.open(directory).close()
        shutil.copytree(trained(), directory / "model")
    with (
        process("cluster", "up", "--json", "--dir", str(directory), "--port", str(port), *options) as launcher,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=40) as http,
    ):
        assert launcher.stdout is not None
        try:
            try:
                ready = json.loads(_line(launcher, "{"))
            except AssertionError as error:
                error.add_note(_ends_of_logs(directory))
                raise
            yield Cluster(directory, ready["url"], ready["kafka"], launcher, http)
        finally:
            if launcher.poll() is None:
                launcher.send_signal(signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    launcher.wait(40)


def _ends_of_logs(directory: Path) -> str:
    """The last lines of what every part wrote, brokers included."""
    logs = [*(directory / "logs").glob("*.log"), *(directory / "kafka").glob("broker-*/*.log")]
    return "\n\n".join(f"{log.name}:\n" + "\n".join(log.read_text("utf-8").splitlines()[-4:]) for log in sorted(logs))


def _line(running: "subprocess.Popen[str]", start: str) -> str:
    """The first line that begins with `start`."""
    assert running.stdout is not None
    end, said = time.monotonic() + _START_SECONDS, ""
    while time.monotonic() < end:
        if select.select([running.stdout], [], [], 1.0)[0]:
            line = running.stdout.readline()
            if line.startswith(start):
                return line
            said += line
            if not line:
                break
    raise AssertionError(f"not ready in time: {said}")


def alive(part: dict[str, Any]) -> bool:
    return part["pid"] > 0 and started_at(part["pid"]) == part["started"]
