"""`gridgov up`: start the embedded form, say where things are, run until Ctrl-C or SIGTERM, stop cleanly.

What must hold: a signal ends it at every moment, also while it starts; whatever goes wrong is one line for the person,
and the rest of it is in the log.
"""

import asyncio
import gc
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Final, NoReturn, TextIO, cast

from gridgov.local.environment import read_settings
from gridgov.local.errors import StartError
from gridgov.local.log_file import LogFile
from gridgov.local.ports import claim, http_port
from gridgov.local.state import StateDirectory
from shared.errors import GridGovError
from shared.settings import Settings
from shared.telemetry import logs

BROKE: Final = "platform.broke"


class Broke(StartError):
    """Something ended that should not have: a defect of the program, not of how it was called."""


def run() -> None:
    """Run the embedded form. Raises StartError when it cannot start, and when it had to end."""
    settings = read_settings()
    settings = settings.model_copy(update={"demo": settings.demo is not False})
    with (
        claim(http_port(), settings.host) as listener,
        StateDirectory.open() as state,
        closing(LogFile(state.logs / "gridgov.log")) as log,
    ):
        logs.configure(cast("TextIO", log))  # it has what a log handler uses of one
        # Before all is loaded, too: the collector's own pace costs a tenth of the start, and later of the work.
        gc.set_threshold(20_000, 20, 50)
        try:
            say("加载程序", "loading")
            import uvloop  # noqa: PLC0415 - only where a loop runs

            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_run(state, settings, listener))
        except Exception as error:  # noqa: BLE001 - the last catch
            _explain(error, log)


async def _run(state: StateDirectory, settings: Settings, listener: socket.socket) -> None:
    stop, opened, started = asyncio.Event(), asyncio.Event(), time.monotonic()
    _end_at_signals(stop, opened)
    # Seconds, which who is refused should not wait for.
    from gridgov.embedded.app import platform  # noqa: PLC0415 - as above
    from gridgov.embedded.greeting import greeting  # noqa: PLC0415 - as above
    from gridgov.local.http_server import listen, serve  # noqa: PLC0415 - as above
    from gridgov.operations.sign_in_links import first_people, links_for  # noqa: PLC0415 - as above

    try:
        async with platform(state, settings, stop, say=say) as running:
            opened.set()
            # Everything that stays is here now: the collector need not walk it again and again.
            gc.collect()
            gc.freeze()
            if not stop.is_set():
                listen(listener)
                links = await links_for(first_people(settings.city), running.services[0].database)
                _print(greeting(state, listener, settings, links, time.monotonic() - started), sys.stdout)
                await serve(running.site, listener, stop, running.limiters)
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
    say("已停止，数据已保存", "stopped; everything is kept")


def _end_at_signals(stop: asyncio.Event, opened: asyncio.Event) -> None:
    """At the first signal set `stop`, and break off a start that has not come to its end."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def end() -> None:
        if stop.is_set():
            return
        say("正在停止", "stopping")
        stop.set()
        if task is not None and not opened.is_set():
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means that a closed terminal is no reason
        loop.add_signal_handler(signal.SIGHUP, end)


def _explain(error: Exception, log: LogFile) -> NoReturn:
    """Raise `error` as one line; what it was and where is in the log."""
    causes = list(_leaves(error))
    for cause in causes:
        if isinstance(cause, StartError):
            raise cause
        if isinstance(cause, GridGovError):  # meant for people: it says itself what to do
            raise StartError(cause.zh, cause.en)
    for cause in causes:
        logs.logger("up").critical(BROKE, exc_info=cause)
    kinds = ", ".join(dict.fromkeys(type(cause).__name__ for cause in causes))
    raise Broke(
        f"网格通因内部错误已停止({kinds})，数据已保存；原因见日志 {log.path}，可重新运行",
        f"GridGov has stopped because something in it broke ({kinds}); everything is kept: the log {log.path} says "
        "what, and it can be started again",
    ) from error


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def say(zh: str, en: str) -> None:
    """A line about what is being done, on standard error."""
    _print(f"· {zh} {en}", sys.stderr)


def _print(text: str, stream: TextIO) -> None:
    with suppress(OSError):  # nobody reads it any more: no reason to end
        print(text, file=stream, flush=True)
