"""The loop of a watch: it looks for what is due, does it, sleeps, and outlives every failure."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from time import monotonic

from structlog.typing import FilteringBoundLogger

from shared.db.transient import is_transient
from shared.telemetry.trouble import Trouble


async def keep_looking(
    look: Callable[[], Awaitable[bool]], stop: asyncio.Event, log: FilteringBoundLogger, *,
    idle: float, pause: float, longest: float, failed: str, waits: str | None = None, rest: float = 0,
) -> None:  # fmt: skip
    """Until stopped. `look` says whether there may be more; if not, the next look comes `idle` seconds later, or `rest`
    times as long as this one took, if that is longer. Trouble is waited out, never raised: `pause` seconds at first, then
    twice as long, up to `longest`. `failed` is logged with the trace; `waits`, where it is given, of what passes by
    itself. Each is logged once while it lasts (`Trouble`)."""
    wait, trouble = pause, Trouble(log)
    while not stop.is_set():
        begun = monotonic()
        try:
            more = await look()
            seconds, wait = 0.0 if more else max(idle, rest * (monotonic() - begun)), pause
            trouble.over()
        except Exception as error:  # noqa: BLE001 - a watch must outlive every failure; it only waits
            if not is_transient(error):
                trouble.failed(failed, error)
            elif waits is not None:
                trouble.waits(waits, type(error).__name__)
            seconds, wait = wait, min(wait * 2, longest)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await stop.wait()
