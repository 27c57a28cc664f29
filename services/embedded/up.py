"""`gridgov up`: start the embedded form, say where things are, run until Ctrl-C or SIGTERM, stop cleanly."""

import asyncio
import gc
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from services.cli.token import issue
from services.embedded.app import platform
from services.embedded.ports import claim, http_port
from services.embedded.server import serve
from services.embedded.state import StateDirectory
from shared.auth.principal import Role
from shared.settings import Settings
from shared.telemetry import logs

_LARGEST_LOG = 50 * 1024 * 1024


def run() -> None:
    """Run the embedded form. Raises StartError when it cannot start."""
    import uvloop  # noqa: PLC0415 - only where a loop runs

    settings = Settings()
    with claim(http_port(), settings.host) as listener, StateDirectory.open() as state, _log(state) as log:
        logs.configure(log)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(state, settings, listener))


async def _run(state: StateDirectory, settings: Settings, listener: socket.socket) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    started = time.monotonic()
    async with platform(state, settings, stop, say=_say) as running:
        # Everything that stays is here now: keep the collector from walking it again and again (a tenth of the time).
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        if not stop.is_set():
            port = listener.getsockname()[1]
            _greet(state, port, time.monotonic() - started)
        await serve(running.site, listener, stop)
        _say("正在停止", "stopping")
    _say("已停止，数据已保存", "stopped; everything is kept")


@contextmanager
def _log(state: StateDirectory) -> Iterator[TextIO]:
    """The log file; one that has grown large makes room for a new one at start."""
    file = state.logs / "gridgov.log"
    if file.exists() and file.stat().st_size > _LARGEST_LOG:
        file.replace(file.with_suffix(".log.1"))
    with file.open("a", encoding="utf-8", buffering=1) as stream:
        yield stream


def _say(zh: str, en: str) -> None:
    print(f"· {zh} {en}", file=sys.stderr, flush=True)


def _greet(state: StateDirectory, port: int, seconds: float) -> None:
    address = f"http://127.0.0.1:{port}"
    token = issue(state, Role.ADMIN, None)
    print(
        f"""
网格通已就绪 GridGov is ready ({seconds:.1f} s)   {address}/

试一试 · what to try next (another terminal):
  .venv/bin/gridgov replay                     投放样例民情，看它们变成工单 · sample messages become work orders
  .venv/bin/gridgov token --role dispatcher --unit A7
  curl -s {address}/dispatch/inbox/counts?below=true -H "Authorization: Bearer $TOKEN"
接口 · API   {address}/intake/docs  /dispatch/docs  /supervision/docs  /registry/docs
日志 · log   {state.logs / "gridgov.log"}
停止 · stop  Ctrl-C

TOKEN={token}
""",
        flush=True,
    )
