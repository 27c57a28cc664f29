"""The loop that makes summaries once a period is over. Any number of workers may run it: they take turns."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from services.registry.summary.make_summaries import make_summaries
from shared.db.transient import is_transient
from shared.db.unit_of_work import UnitOfWork
from shared.telemetry import logs
from shared.worktime.calendar import Calendar

POLL_SECONDS: Final = 60.0
FAILED: Final = "summaries.failed"


class SummaryWatch:
    def __init__(self, uow: Callable[[], UnitOfWork], calendar: Calendar) -> None:
        self._uow, self._calendar = uow, calendar
        self._log = logs.logger("summary", service="registry")

    async def run(self, stop: asyncio.Event) -> None:
        """Make them until stopped; what fails is tried again a minute later."""
        while not stop.is_set():
            made = 0
            try:
                async with self._uow() as uow:
                    made = await make_summaries(uow, self._calendar)
            except Exception as error:  # noqa: BLE001 - the loop must outlive every failure; it only waits
                if not is_transient(error):
                    self._log.exception(FAILED)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0 if made else POLL_SECONDS):
                    await stop.wait()
