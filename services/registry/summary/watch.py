"""The loop that makes summaries once a period is over. Any number of workers may run it: they take turns."""

import asyncio
from collections.abc import Callable
from typing import Final

from services.registry.summary.make_summaries import make_summaries
from shared.db.looking import keep_looking
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
        await keep_looking(
            self.look, stop, self._log, idle=POLL_SECONDS, pause=POLL_SECONDS, longest=POLL_SECONDS, failed=FAILED
        )

    async def look(self) -> bool:
        """Make what is due; whether anything was."""
        async with self._uow() as uow:
            return bool(await make_summaries(uow, self._calendar))
