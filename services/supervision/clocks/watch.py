"""The watch: sleeps until the next step of any clock is due, then takes what is. Costs one index look while idle."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final
from uuid import UUID

from services.supervision.clocks.metrics import WatchMetrics
from services.supervision.clocks.reading import overdue_by_name
from services.supervision.clocks.store import Clocks
from services.supervision.clocks.take_due_steps import BATCH, Taken, take_due_steps, take_due_steps_of
from services.supervision.schema import tables
from shared.db.outbox.heard import heard
from shared.db.transient import is_transient
from shared.db.unit_of_work import UnitOfWork
from shared.telemetry import logs
from shared.telemetry.trouble import Trouble

POLL_SECONDS = 1.0
"""The longest sleep: within it a clock that started meanwhile, or was left by a worker that died, is seen."""
MEASURE_SECONDS = 15.0
_ELBOW_ROOM = 0.05
"""Seconds to wait when what is due is in other hands: another worker's, or an event's that is changing it."""
_UNTOLD = 0.2
"""Seconds between looks while what is due lies beyond what its owner has told."""
_LONGEST_PAUSE = 10.0
WAITS: Final = "watch.waits"
FAILED: Final = "watch.failed"
SET_ASIDE: Final = "watch.clock_set_aside"
MOST_SET_ASIDE: Final = 20
"""With more in one round the fault is not the clocks' own."""


class ClockWatch:
    """One worker. Any number may run: they take turns.

    No step is taken beyond the instant up to which the owner has told everything, and this service has applied it: a
    reminder may come late, but one to somebody who acted in time cannot be taken back.
    """

    def __init__(self, uow: Callable[[], UnitOfWork], metrics: WatchMetrics) -> None:
        self._uow = uow
        self._metrics = metrics
        self._measure_at = 0.0
        self._alone = False
        """Whether a batch failed for a reason that does not pass: then each clock is taken alone, to find whose it is."""
        self._set_aside: set[UUID] = set()
        metrics.set_aside.set_function(lambda: len(self._set_aside))
        self._log = logs.logger("watch", service="supervision")
        self._trouble = Trouble(self._log)

    async def run(self, stop: asyncio.Event) -> None:
        """Take steps until stopped. Trouble is waited out with growing pauses, never raised: nothing is lost meanwhile."""
        pause = _ELBOW_ROOM
        while not stop.is_set():
            try:
                seconds = await self.look()
                await self._measure()
                pause = _ELBOW_ROOM
                self._trouble.over()
            except Exception as error:  # noqa: BLE001 - the watch must outlive every failure; it only waits
                self._metrics.failures.inc()
                if is_transient(error):
                    self._trouble.waits(WAITS, type(error).__name__)
                else:
                    self._trouble.failed(FAILED, error)
                    self._alone = True
                seconds, pause = pause, min(pause * 2, _LONGEST_PAUSE)
            if seconds > 0:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await stop.wait()

    async def look(self) -> float:
        """Take one batch if anything is due; the seconds to sleep before the next look, 0 when there may be more."""
        taken: Sequence[Taken] | None
        if self._alone:
            taken = await self._one_by_one()
            self._alone = False
        else:
            async with self._uow() as uow:
                ahead = await Clocks.of(uow).ahead(uow.now, self._set_aside)
                if all(one.next_at > one.until for one in ahead):
                    waits = [(one.next_at - uow.now).total_seconds() for one in ahead]
                    return min((POLL_SECONDS, *(seconds if seconds > 0 else _UNTOLD for seconds in waits)))
                taken = await take_due_steps(uow, without=self._set_aside)
        for one in taken or ():
            self._metrics.steps.labels(one.step.value).inc()
            self._metrics.late_seconds.observe(max(0.0, one.late))
        return 0.0 if taken else _ELBOW_ROOM

    async def _one_by_one(self) -> Sequence[Taken]:
        """A batch, each clock in a transaction of its own. One that fails is set aside until the next start, so that no
        other waits for it. Raises what the last one failed of when too many do."""
        async with self._uow() as uow:
            due = await Clocks.of(uow).due_ids(uow.now, BATCH, self._set_aside)
        taken: list[Taken] = []
        failed: set[UUID] = set()
        for clock_id in due:
            try:
                async with self._uow() as uow:
                    taken += await take_due_steps_of(uow, clock_id) or ()
            except Exception as error:
                failed.add(clock_id)
                if is_transient(error) or len(failed) > MOST_SET_ASIDE:
                    raise
                self._log.exception(SET_ASIDE, clock=str(clock_id))
        self._set_aside |= failed
        return taken

    async def _measure(self) -> None:
        if monotonic() < self._measure_at:
            return
        async with self._uow() as uow:
            self._metrics.overdue_now(await overdue_by_name(uow.connection, uow.now))
            for thing, until in (await heard(uow.connection, tables.told)).items():
                self._metrics.told_age_seconds.labels(thing).set((uow.now - until).total_seconds())
        self._measure_at = monotonic() + MEASURE_SECONDS
