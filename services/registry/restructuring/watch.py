"""The watch: applies plans at their instant, each exactly once, however many workers run and whenever they are killed.

A plan's state changes in the transaction that does all of it, under the registry's write lock: a worker that dies has
done nothing, and the next look finds the same plan due.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from services.registry.restructuring.apply import apply_due
from shared.db.transient import is_transient
from shared.db.unit_of_work import UnitOfWork
from shared.telemetry import logs

POLL_SECONDS: Final = 1.0
_LONGEST_PAUSE: Final = 10.0
APPLIED: Final = "restructuring.applied"
WAITS: Final = "restructuring.waits"
FAILED: Final = "restructuring.failed"


class RestructuringWatch:
    def __init__(self, uow: Callable[[], UnitOfWork]) -> None:
        self._uow = uow
        self._log = logs.logger("restructuring", service="registry")

    async def run(self, stop: asyncio.Event) -> None:
        """Apply what is due until stopped. Trouble is waited out with growing pauses, never raised."""
        pause = POLL_SECONDS
        while not stop.is_set():
            seconds = POLL_SECONDS
            try:
                if await self.look():
                    seconds = 0.0
                pause = POLL_SECONDS
            except Exception as error:  # noqa: BLE001 - the watch must outlive every failure; it only waits
                if is_transient(error):
                    self._log.warning(WAITS, reason=type(error).__name__, seconds=pause)
                else:
                    self._log.exception(FAILED)
                seconds, pause = pause, min(pause * 2, _LONGEST_PAUSE)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await stop.wait()

    async def look(self) -> bool:
        """Apply one plan, if any is due; whether there was one."""
        async with self._uow() as uow:
            plan = await apply_due(uow)
        if plan is not None:
            self._log.info(APPLIED, number=plan.number, state=plan.state.value)
        return plan is not None
