"""The watch that moves open limits when a release brings another working calendar: in bounded batches, each limit once.

The service keeps the calendar by which its limits were measured, and how far the watch has come with the next one; both
move in the transaction of a batch. What it is killed in the midst of was not done, and is done at the next start.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from shared.db.looking import keep_looking
from shared.db.unit_of_work import UnitOfWork
from shared.telemetry import logs
from shared.worktime.calendar import Calendar, read, written

BATCH: Final = 200
"""Things looked at in one transaction: some 100 ms."""
POLL_SECONDS: Final = 60.0
"""Another worker may be at it, and may be killed."""
_LONGEST_PAUSE: Final = 60.0
_FIRST: Final = UUID(int=0)
FAILED: Final = "calendar.failed"
WAITS: Final = "calendar.waits"

Measure = Callable[[UnitOfWork, Calendar, Calendar, UUID, int], Awaitable[UUID | None]]
"""`(uow, before, after, cursor, limit)`: moves the limits of up to `limit` open things with a larger id than `cursor`, in
id order; the id of the last one, None where there was none."""


def calendar_table(metadata: sa.MetaData) -> sa.Table:
    """One row: the calendar that limits were measured by, and the last thing that the next one was applied to, if any."""
    return sa.Table(
        "measured_by",
        metadata,
        sa.Column("only", sa.Boolean, primary_key=True, server_default=sa.text("true")),
        sa.Column("calendar", JSONB, nullable=False),
        sa.Column("cursor", sa.Uuid),
    )


class CalendarWatch:
    """One worker of a service. Any number may run; they take turns."""

    def __init__(
        self, uow: Callable[[], UnitOfWork], table: sa.Table, calendar: Calendar, measure: Measure, *, service: str
    ) -> None:
        self._uow, self._table, self._calendar, self._measure = uow, table, calendar, measure
        self._log = logs.logger("calendar", service=service)

    async def run(self, stop: asyncio.Event) -> None:
        """Until everything is measured by this release's calendar, or stopped. Trouble is waited out, never raised."""
        await keep_looking(
            self.look, stop, self._log, idle=POLL_SECONDS, pause=1.0, longest=_LONGEST_PAUSE, failed=FAILED, waits=WAITS
        )

    async def look(self) -> bool:
        """Measure one batch, if another calendar is in force than the last one; whether there may be more."""
        table, calendar = self._table, self._calendar
        async with self._uow() as uow:
            row = (
                await uow.connection.execute(
                    sa.select(table.c.calendar, table.c.cursor).with_for_update(skip_locked=True)
                )
            ).one_or_none()
            if row is None:  # the first start, or another's turn
                first = insert(table).values(calendar=written(calendar)).on_conflict_do_nothing()
                await uow.connection.execute(first)
                return False
            before = read(row.calendar)
            if before.version == calendar.version:
                return False
            last = await self._measure(uow, before, calendar, row.cursor or _FIRST, BATCH)
            done = {"calendar": written(calendar), "cursor": None}
            await uow.connection.execute(sa.update(table).values(done if last is None else {"cursor": last}))
            return last is not None
