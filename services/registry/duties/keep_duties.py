"""The loop that keeps duties in step with plans, units and premises. Any number of workers may run it: they take turns."""

import asyncio
from collections.abc import Callable
from typing import Final

from services.registry.duties.apply_plans import apply_plans
from shared.db.looking import keep_looking
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
        await keep_looking(
            self.look, stop, self._log,
            idle=POLL_SECONDS, rest=_IDLE_PER_LOOK, pause=POLL_SECONDS, longest=_LONGEST_PAUSE, failed=FAILED,
        )  # fmt: skip

    async def look(self) -> bool:
        """Apply what is due; whether anything was."""
        async with self._uow() as uow:
            return bool(await apply_plans(uow, self._calendar))
