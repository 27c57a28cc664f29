"""Meetings as rows, and the rows that wait for what becomes of their resolutions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.registry.meetings.meeting import Meeting, MeetingState
from services.registry.meetings.table import meetings, resolution_orders, resolution_serials, serials
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec
from shared.events.dispatch.work_orders import WorkOrderEvent
from shared.numbers import new_serials

_RESOLUTION = "resolution"
"""The kind of such a source in dispatch's events."""


class Meetings(Aggregates[Meeting]):
    kind = "meeting"
    codec = RowCodec(Meeting, meetings, derived={"leads": lambda one: one.leads})

    async def new_number(self) -> str:
        """The running part of a new meeting's number; never handed out again."""
        [serial] = await self.new_numbers(1)
        return serial

    async def new_numbers(self, count: int) -> list[str]:
        """The same for `count` meetings at once."""
        return await new_serials(self._uow.connection, serials, count)

    async def resolution_numbers(self, count: int) -> list[str]:
        """The running parts of the numbers of `count` resolutions; never handed out again."""
        return await new_serials(self._uow.connection, resolution_serials, count)

    async def at(self, times: Collection[datetime]) -> Sequence[Meeting]:
        """The meetings, cancelled ones aside, that begin at one of these instants."""
        then = meetings.c.starts_at == sa.any_(sa.literal(list(times), sa.ARRAY(sa.DateTime(timezone=True))))
        query = sa.select(*self.codec.columns).where(then, meetings.c.state != MeetingState.CANCELLED)
        return [self.codec.of_values(row) for row in await self._uow.connection.execute(query)]

    async def expect_orders(self, meeting: Meeting) -> None:
        """From now on what dispatch tells of the meeting's resolutions is kept."""
        resolutions = meeting.record.resolutions if meeting.record else ()
        rows = [{"resolution_id": one.id, "meeting_id": meeting.id, "version": 0} for one in resolutions]
        if rows:
            await self._uow.connection.execute(sa.insert(resolution_orders), rows)

    async def note_orders(self, told: Sequence[WorkOrderEvent]) -> None:
        """Keep the newest of what was told of work orders of resolutions; what is older than that is passed over."""
        rows: list[dict[str, Any]] = [
            {
                "b_resolution": source.id, "b_version": event.version, "work_order_id": event.work_order_id,
                "number": event.number, "lead_unit": event.lead_unit, "state": event.state,
                "due_at": event.limits["resolve"].due_at, "result": event.result, "version": event.version,
            }
            for event in told
            for source in event.sources
            if source.kind == _RESOLUTION
        ]  # fmt: skip
        if rows:
            # In the order of their keys: two transactions then wait for each other in one direction.
            rows.sort(key=lambda row: (row["b_resolution"].int, row["version"]))
            await self._uow.connection.execute(_NOTE, rows)


_NOTE = sa.update(resolution_orders).where(
    resolution_orders.c.resolution_id == sa.bindparam("b_resolution"),
    resolution_orders.c.version < sa.bindparam("b_version"),
)
