"""A small process between an owner and a server: it starts the server, keeps its log, and outlives neither for long.

What must hold: when the owner is gone, even by kill -9, the server ends; when this process is killed too, the kernel
ends the server (parent-death signal); nothing starts while processes of an earlier run still hold the lock file,
which every process of the server inherits. Signals from the terminal do not reach the server: its owner drains first.

Run as `python -m gridgov.local.process_guard`: reads one JSON line (Spec) on stdin, writes events as JSON lines.
"""

import ctypes
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gridgov.local.processes import holders, lives

_LOG_BYTES = 8 * 1024 * 1024
_LOG_FILES = 4
_PR_SET_PDEATHSIG = 1
_BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Spec:
    """What to run. `stop` is tried in order: a signal and the seconds to wait for its effect; then SIGKILL.

    `owner` is a pid with its start mark (`processes.started_at`). With `held`, the end of stdin ends the server too.
    `ready` names a file of which a line begins with "ready" once the server answers. `stale` files are removed
    before every start. `again`: once the server has been ready, start it again whenever it ends by itself.
    """

    argv: list[str]
    cwd: str
    log: str
    lock: str
    owner: tuple[int, str]
    held: bool
    stop: list[tuple[int, float]]
    orphaned: int = signal.SIGKILL
    env: dict[str, str] = field(default_factory=dict)
    uid: int | None = None
    gid: int | None = None
    ready: str | None = None
    stale: list[str] = field(default_factory=list)
    again: bool = False
    patience: float = 4.0

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


class _Log:
    """Appends, turns over at a size, and never fails: a full disk must not stop the server's own messages."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tail: deque[str] = deque(maxlen=40)

    def write(self, data: bytes) -> None:
        self._tail.extend(data.decode("utf-8", "replace").splitlines())
        try:
            if self._path.exists() and self._path.stat().st_size > _LOG_BYTES:
                for number in range(_LOG_FILES - 1, 0, -1):
                    older = self._path.with_name(f"{self._path.name}.{number - 1}" if number > 1 else self._path.name)
                    if older.exists():
                        older.replace(self._path.with_name(f"{self._path.name}.{number}"))
            with open(self._path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
                stream.write(data)
        except OSError:
            pass

    def reason(self) -> str:
        """The line that most likely says why the server ended."""
        for word in ("FATAL:", "PANIC:", "ERROR"):
            for line in reversed(self._tail):
                if word in line:
                    return line
        return self._tail[-1] if self._tail else ""


class ProcessGuard:
    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._log = _Log(Path(spec.log))
        self._ending = False

    def run(self) -> None:
        quick_ends, ever_ready = 0, False
        while not self._owner_gone():
            begun = time.monotonic()
            lock = self._lock_after_earlier_run()
            if lock is None:
                _tell(event="blocked", holders=sorted(holders(Path(self._spec.lock))))
            else:
                code, was_ready = self._run_once(lock)
                ever_ready = ever_ready or was_ready
                _tell(event="ended", code=code, reason=self._log.reason(), ready=was_ready)
            # Ever, not this time: a database that is killed again while it recovers must not stay away.
            if self._ending or not (self._spec.again and ever_ready):
                return
            quick_ends = quick_ends + 1 if time.monotonic() - begun < 30 else 0
            self._wait_for_owner_end(_BACKOFF[min(quick_ends, len(_BACKOFF) - 1)])

    def _run_once(self, lock: int) -> tuple[int, bool]:
        """Run the server until it ends. Returns its exit code and whether it had been ready."""
        server, output = self._launch(lock)
        ready = self._spec.ready is None
        steps = iter(self._spec.stop)
        deadline = float("inf")
        while server.poll() is None:
            self._read(output, 0.02 if self._ending or not ready else 0.3)
            if not ready and _says_ready(Path(str(self._spec.ready))):
                ready = True
                _tell(event="ready", pid=server.pid)
            if not self._ending and self._owner_gone():
                self._ending, deadline = True, 0.0
            if time.monotonic() >= deadline:
                number, seconds = next(steps, (signal.SIGKILL, 5.0))
                server.send_signal(number)
                deadline = time.monotonic() + seconds
        while self._read(output, 0.0):
            pass
        os.close(output)
        return server.returncode, ready

    def _launch(self, lock: int) -> tuple["subprocess.Popen[bytes]", int]:
        """Start the server; returns it and the end of the pipe on which it speaks. Takes over `lock`."""
        spec, guard = self._spec, os.getpid()
        for file in spec.stale:
            Path(file).unlink(missing_ok=True)
        libc = ctypes.CDLL(None) if sys.platform == "linux" else None

        def in_child() -> None:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)  # an ignored signal would stay ignored through exec
            if libc is not None:
                libc.prctl(_PR_SET_PDEATHSIG, spec.orphaned)  # after the change of user, which clears it
                if os.getppid() != guard:
                    os._exit(1)

        output, speaking = os.pipe()
        try:
            server = subprocess.Popen(
                spec.argv, cwd=spec.cwd, env=spec.env, user=spec.uid, group=spec.gid,
                extra_groups=None if spec.uid is None else [], umask=0o077, pass_fds=(lock,),
                preexec_fn=in_child,  # noqa: PLW1509  this process has one thread
                stdin=subprocess.DEVNULL, stdout=speaking, stderr=speaking, start_new_session=True,
            )  # fmt: skip
        finally:
            os.close(speaking)
            os.close(lock)
        _tell(event="started", pid=server.pid)
        return server, output

    def _read(self, output: int, wait: float) -> bool:
        """Move what the server said into the log; False when there was nothing."""
        listened = [output, *([0] if self._spec.held and not self._ending else [])]
        if output not in select.select(listened, [], [], wait)[0]:
            return False
        data = os.read(output, 65536)
        if data:
            self._log.write(data)
        else:
            time.sleep(wait)  # it closed its output but lives on: do not spin
        return bool(data)

    def _owner_gone(self) -> bool:
        """A forked child of the owner may keep the pipe open, so the owner's life counts besides the pipe."""
        if self._spec.held and select.select([0], [], [], 0)[0] and not os.read(0, 1024):
            return True
        return not lives(*self._spec.owner)

    def _wait_for_owner_end(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._owner_gone():
            time.sleep(0.05)

    def _lock_after_earlier_run(self) -> int | None:
        """The lock, once every process of an earlier run is gone: waited for, then asked, then killed.

        The owner holds the place, so whoever still has this file open was left by an owner that died.
        """
        file = Path(self._spec.lock)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        for number, seconds in ((None, self._spec.patience), (signal.SIGQUIT, 1.5), (signal.SIGKILL, 2.0)):
            for pid in holders(file) if number is not None else ():
                try:
                    os.kill(pid, number or 0)
                except OSError:
                    continue
            end = time.monotonic() + seconds
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() >= end:
                        break
                    time.sleep(0.03)
                else:
                    return descriptor
        os.close(descriptor)
        return None


def _says_ready(file: Path) -> bool:
    try:
        return any(line.startswith("ready") for line in file.read_text("utf-8", "replace").splitlines())
    except OSError:
        return False


def _tell(**event: Any) -> None:
    with suppress(OSError):  # nobody listens any more; the work goes on
        os.write(1, json.dumps(event).encode() + b"\n")


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    os.set_blocking(1, False)  # once the server is ready nobody reads any more, and a full pipe must not hold us up
    line = b""
    while not line.endswith(b"\n"):
        chunk = os.read(0, 1)
        if not chunk:
            return
        line += chunk
    try:
        ProcessGuard(Spec(**json.loads(line))).run()
    except (OSError, subprocess.SubprocessError) as error:
        _tell(event="failed", reason=str(error))


if __name__ == "__main__":
    main()
