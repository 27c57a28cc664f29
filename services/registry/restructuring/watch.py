"""The watch: applies plans at their instant, each exactly once, however many workers run and whenever they are killed.

A plan's state changes in the transaction that does all of it, under the registry's write lock: a worker that dies has
done nothing, and the next look finds the same plan due.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from services.registry.restructuring.apply import apply_due
from shared.db.looking import keep_looking
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
        await keep_looking(
            self.look, stop, self._log,
            idle=POLL_SECONDS, pause=POLL_SECONDS, longest=_LONGEST_PAUSE, failed=FAILED, waits=WAITS,
        )  # fmt: skip

    async def look(self) -> bool:
        """Apply one plan, if any is due; whether there was one."""
        async with self._uow() as uow:
            plan = await apply_due(uow)
        if plan is not None:
            self._log.info(APPLIED, number=plan.number, state=plan.state.value)
        return plan is not None
