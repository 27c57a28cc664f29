"""Starts the parts of a local cluster by forking: everything is imported once, so a part starts, and starts again
after a kill, in a fraction of a second.

What must hold: a part is the same command as a process of its own; it ends when this process does, and this one when
its owner does (its standard input ends). Nothing but importing happens here: a fork must not inherit connections,
threads that work, or the state of a random source.

Orders are JSON lines on standard input, `{"part", "arguments", "environment", "console"}`; answers on standard output
are `{"part", "pid", "started"}` and `{"part", "ended"}`.
"""

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from gridgov.local.processes import started_at
from services.manifest import SERVICES

PRELOADED: Final = (
    "gridgov.cluster.front",
    "gridgov.cluster.roles",
    "gridgov.cli.service",
    *(module for row in SERVICES.values() for module in row.modules),
    "sqlalchemy.dialects.postgresql.asyncpg",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
    "shared.failpoints",
)
_PR_SET_PDEATHSIG: Final = 1


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the owner ends the parts in order, then closes our input
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for module in PRELOADED:
        importlib.import_module(module)
    gc.freeze()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    parts: dict[int, str] = {}
    heard = b""
    while True:
        readable = select.select([0, woken], [], [])[0]
        if woken in readable:
            os.read(woken, 4096)
            _reap(parts)
        if 0 in readable:
            data = os.read(0, 65536)
            if not data:
                break
            heard += data
            *lines, heard = heard.split(b"\n")
            for line in lines:
                order = json.loads(line)
                pid = _fork(order, libc)
                parts[pid] = order["part"]
                _tell(part=order["part"], pid=pid, started=started_at(pid) or "")
    for pid in parts:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _reap(parts: dict[int, str]) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if (part := parts.pop(pid, None)) is not None:
            _tell(part=part, ended=os.waitstatus_to_exitcode(status), pid=pid)


def _fork(order: dict[str, Any], libc: ctypes.CDLL | None) -> int:
    fork_server = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != fork_server:
                os._exit(1)
        code = _become(order)
    except BaseException:  # noqa: BLE001 - nothing of the fork server may run on in the child
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _become(order: dict[str, Any]) -> int:
    """Be the command that `order` names; its exit code."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    console = os.open(order["console"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, target in ((nothing, 0), (console, 1), (console, 2)):
        os.dup2(descriptor, target)
    os.closerange(3, 4096)
    os.environ.update(order["environment"])
    try:
        run_command(order["arguments"])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def run_command(arguments: Sequence[str]) -> None:
    """Run `gridgov` in a process that was forked and has its environment by now. Raises what the command raises."""
    importlib.reload(sys.modules["shared.failpoints"])  # it read the environment of the process that forks
    sys.argv = ["gridgov", *arguments]
    from gridgov.__main__ import main as command  # noqa: PLC0415 - only the child is a command

    command()


def _tell(**event: Any) -> None:
    with suppress(OSError):
        os.write(1, json.dumps(event).encode() + b"\n")


if __name__ == "__main__":
    main()
