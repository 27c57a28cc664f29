"""A server under a guard, seen from its owner: start, wait until it is ready, stop. Blocking; threads may call it."""

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from gridgov.local.process_guard import Spec
from gridgov.local.processes import started_at

_ROOT = Path(__file__).resolve().parents[2]


class Ended(Exception):
    """The server ended instead of becoming ready; `reason` is the line of its log that says most."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def me() -> tuple[int, str]:
    """This process as the owner in a Spec."""
    return os.getpid(), started_at(os.getpid()) or ""


class GuardedProcess:
    """With an owner other than this process (a Spec that is not `held`), the server outlives this object."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._guard: subprocess.Popen[bytes] | None = None
        self._hold = self._events = -1
        self._heard = b""
        self.pid: int | None = None

    def start(self, timeout: float) -> None:
        """Return when the server is ready (or runs, where the spec names no ready file). Raises Ended."""
        orders, self._hold = os.pipe()
        self._events, telling = os.pipe()
        try:
            self._guard = subprocess.Popen(
                [sys.executable, "-P", "-m", "gridgov.local.process_guard"],
                cwd="/", env={**os.environ, "PYTHONPATH": str(_ROOT)}, start_new_session=True,
                stdin=orders, stdout=telling, stderr=telling,
            )  # fmt: skip
        finally:
            os.close(orders)
            os.close(telling)
        try:
            os.write(self._hold, self._spec.line())
            self._wait_ready(time.monotonic() + timeout)
        except BaseException:
            self.stop(5.0)
            raise

    def stop(self, timeout: float) -> None:
        """End the server as its spec says, and the guard with it; after `timeout` seconds by force."""
        guard, self._guard = self._guard, None
        if guard is None:
            return
        os.close(self._hold)
        try:
            guard.wait(timeout)
        except subprocess.TimeoutExpired:
            guard.kill()  # the kernel then ends the server
            guard.wait()
        os.close(self._events)

    def leave(self) -> None:
        """Go without it: the spec names another owner, and this process neither stops nor waits for it."""
        guard, self._guard = self._guard, None
        if guard is not None:
            # Nobody waits for it here. The pipes stay open: a guard that cannot tell its events would end.
            guard.returncode = 0

    def alive(self) -> bool:
        return self._guard is not None and self._guard.poll() is None

    def _wait_ready(self, end: float) -> None:
        while True:
            event = self._next_event(end)
            if event["event"] == "started":
                self.pid = int(event["pid"])
            if event["event"] == "ready" or (event["event"] == "started" and self._spec.ready is None):
                return
            if event["event"] == "ended":
                raise Ended(str(event["reason"]) or f"exit code {event['code']}")
            if event["event"] == "failed":
                raise Ended(str(event["reason"]))
            if event["event"] == "blocked":
                pids = ", ".join(map(str, event["holders"]))
                raise Ended(f"processes of an earlier run do not end: {pids}")

    def _next_event(self, end: float) -> dict[str, Any]:
        """The next JSON line. Other lines are a trace of the guard itself; its last one is the reason."""
        said = "the guard ended"
        while True:
            while b"\n" not in self._heard:
                if not select.select([self._events], [], [], max(0.0, end - time.monotonic()))[0]:
                    raise Ended("not ready in time")
                data = os.read(self._events, 65536)
                if not data:
                    raise Ended(said)
                self._heard += data
            line, _, self._heard = self._heard.partition(b"\n")
            if line.startswith(b"{"):
                event: dict[str, Any] = json.loads(line)
                return event
            said = line.decode("utf-8", "replace").strip() or said
