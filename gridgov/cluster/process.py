"""One process of the cluster form: its port from the first moment, its work, and an end within ten seconds.

What must hold: SIGTERM at any moment ends it; requests and events in hand are finished first; what does not come to an
end in time is cut off, which is as safe as a kill: nothing is promised before it is committed.
"""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, ExitStack, closing, suppress
from dataclasses import dataclass
from typing import Final, NoReturn, TextIO, cast

from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from gridgov.cluster.metrics import RoleMetrics
from gridgov.cluster.port import ProcessSite
from gridgov.cluster.waiting import Waiting, say
from gridgov.local.errors import StartError
from gridgov.local.http_server import listen, serve
from gridgov.local.log_file import LogFile
from gridgov.local.ports import claim
from shared.errors import GridGovError
from shared.http.server.concurrency_limit import ConcurrencyLimit
from shared.settings import Settings
from shared.telemetry import logs
from shared.telemetry.metrics import Metrics

ROLE_BROKE: Final = "role.broke"
END_SECONDS: Final = 9.5
"""After a signal; supervisors kill after ten."""


@dataclass(frozen=True, slots=True)
class Process:
    """What the work of a process is given."""

    service: str
    role: str
    settings: Settings
    stop: asyncio.Event
    waiting: Waiting
    metrics: Metrics
    ready: RoleMetrics
    limiters: dict[str, ConcurrencyLimit]
    """Of what the site answers, by the first segment of the path; the work puts them in."""


Work = Callable[[Process], AbstractAsyncContextManager[ASGIApp | None]]
"""Opens what it needs, runs its loops, gives the site that answers when it is ready, and closes when the block ends."""


def run_process(service: str, role: str, settings: Settings, port: int | None, work: Work) -> None:
    """Run until a signal, or until the work ends by itself. `port` None: no HTTP. Raises StartError and what broke."""
    import uvloop  # noqa: PLC0415 - only where a loop runs

    with ExitStack() as stack:
        listener = stack.enter_context(claim(port, settings.host)) if port is not None else None
        # A LogFile has what a log handler uses of a stream.
        stream = stack.enter_context(closing(LogFile(settings.log))) if settings.log else sys.stdout
        logs.configure(cast("TextIO", stream))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))

        async def main() -> None:
            registry = CollectorRegistry()
            process = Process(
                service, role, settings, asyncio.Event(), Waiting(), Metrics(registry),
                RoleMetrics(registry, service, role), {},
            )  # fmt: skip
            process_site = ProcessSite(process.waiting, registry)
            if listener is not None:
                listen(listener)
                serving = asyncio.create_task(
                    serve(process_site, listener, process.stop, process.limiters), name="http"
                )
            else:
                serving = None
            ending = asyncio.create_task(_end_in_time(process.stop), name="end in time")
            try:
                await _run(process, process_site, work, serving)
            finally:
                process.stop.set()
                if serving is not None:
                    await serving
                ending.cancel()

        try:
            runner.run(main())
        except Exception as error:  # noqa: BLE001 - the last catch
            _explain(error, service, role)


class Broke(StartError):
    """Something ended that should not have: a defect of the program, not of how it was called."""


def _explain(error: BaseException, service: str, role: str) -> NoReturn:
    """Raise `error` as one line; what it was and where is in the log."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, StartError):
        raise error
    if isinstance(error, GridGovError):  # meant for people: it says itself what to do
        raise StartError(error.zh, error.en)
    logs.logger("role", service=service, role=role).critical(ROLE_BROKE, exc_info=error)
    kind = type(error).__name__
    raise Broke(
        f"{service} {role} 因内部错误已停止({kind})，数据已保存；原因见日志，可重新运行",
        f"{service} {role} has stopped because something in it broke ({kind}); everything is kept: the log says what, "
        "and it can be started again",
    ) from error


async def _run(process: Process, process_site: ProcessSite, work: Work, serving: "asyncio.Task[None] | None") -> None:
    opened = asyncio.Event()
    _end_at_signals(process.stop, opened)
    log = logs.logger("role", service=process.service, role=process.role)
    try:
        async with work(process) as site:
            opened.set()
            # Everything that stays is here now: keep the collector from walking it again and again.
            gc.collect()
            gc.freeze()
            gc.set_threshold(20_000, 20, 50)
            log.info(logs.SERVICE_STARTED)
            if site is not None and serving is not None:
                process_site.open(site)
                say(f"{process.service} {process.role} 已就绪", "ready")
                await serving  # ends after `stop`, when the requests in hand are answered
    except asyncio.CancelledError:
        if not process.stop.is_set():
            raise
    log.info(logs.SERVICE_STOPPED)


def _end_at_signals(stop: asyncio.Event, opened: asyncio.Event) -> None:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def end() -> None:
        if stop.is_set():
            return
        stop.set()
        if task is not None and not opened.is_set():
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        loop.add_signal_handler(signal.SIGHUP, end)


async def _end_in_time(stop: asyncio.Event) -> None:
    """Whatever the reason to stop was: a signal, or loops that ended."""
    await stop.wait()
    await asyncio.sleep(END_SECONDS)
    _cut_off()


def _cut_off() -> None:
    say("未能在时限内结束，强制退出", "not finished in time, cut off; what was in hand will be done again")
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(1)
