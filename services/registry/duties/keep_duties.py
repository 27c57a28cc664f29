"""The loop that keeps duties in step with plans, units and premises. Any number of workers may run it: they take turns."""

import asyncio
import contextlib
from collections.abc import Callable
from time import monotonic
from typing import Final

from services.registry.duties.apply_plans import apply_plans
from shared.db.transient import is_transient
from shared.db.unit_of_work import UnitOfWork
from shared.telemetry import logs
from shared.worktime.calendar import Calendar

POLL_SECONDS: Final = 2.0
"""The longest that a new premises is without its duties while nothing else waits."""
_LONGEST_PAUSE: Final = 60.0
_IDLE_PER_LOOK: Final = 50
"""A look passes over all units and premises; while nothing waits it takes one part in fifty of the time."""
FAILED: Final = "duties.failed"


class KeepDuties:
    def __init__(self, uow: Callable[[], UnitOfWork], calendar: Calendar) -> None:
        self._uow, self._calendar = uow, calendar
        self._log = logs.logger("duties", service="registry")

    async def run(self, stop: asyncio.Event) -> None:
        """Apply plans until stopped. Trouble is waited out with growing pauses: what waits is found again."""
        pause = POLL_SECONDS
        while not stop.is_set():
            try:
                begun = monotonic()
                async with self._uow() as uow:
                    applied = await apply_plans(uow, self._calendar)
                idle = max(POLL_SECONDS, _IDLE_PER_LOOK * (monotonic() - begun))
                seconds, pause = 0.0 if applied else idle, POLL_SECONDS
            except Exception as error:  # noqa: BLE001 - the loop must outlive every failure; it only waits
                if not is_transient(error):
                    self._log.exception(FAILED)
                seconds, pause = pause, min(pause * 2, _LONGEST_PAUSE)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await stop.wait()
