"""Reading meetings: of the caller's part of the tree, those to which one's unit is invited, and those that gave it work;
and those of units that one's own succeeded."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.registry.meetings.errors import MEETING_NOT_FOUND
from services.registry.meetings.meeting import Meeting, MeetingState
from services.registry.meetings.store import Meetings
from services.registry.meetings.table import meetings, resolution_orders
from services.registry.units.table import successions, units
from shared.db.filters import Conditions, containing, equal, on_days
from shared.db.keyset import Paged
from shared.db.scoped_reader import ScopedReader
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, QueryModel, ShortText
from shared.units.scope import unscoped


class MeetingFilter(QueryModel):
    """`area` is a unit and all below it; `since` and `until` are local days, both included; `q` is found in title and
    number; `resolution_id` finds the meeting that resolved it."""

    area: Code | None = None
    state: MeetingState | None = None
    since: Day | None = None
    until: Day | None = None
    resolution_id: Id | None = None
    q: ShortText | None = None


class MeetingQuery(PageQuery, MeetingFilter):
    """The same, page by page."""


class Listed(NamedTuple):
    """A meeting, how many resolutions it has and how many of their work orders are closed."""

    meeting: Meeting
    resolutions: int
    closed: int


class MeetingReader(ScopedReader[Meeting]):
    units, served, successions = units, True, successions
    store, missing = Meetings, MEETING_NOT_FOUND

    async def orders(self, meeting: Meeting) -> dict[UUID, sa.RowMapping]:
        """What became of the resolutions of a meeting that the caller sees, by their ids."""
        rows = await self._connection.execute(
            self._scope.select(meetings, *resolution_orders.c)
            .join(resolution_orders, resolution_orders.c.meeting_id == meetings.c.id)
            .where(meetings.c.id == meeting.id)
        )
        return {row["resolution_id"]: row for row in rows.mappings()}

    def find(self, wanted: MeetingFilter) -> Paged[Listed]:
        """The latest first."""
        of_meeting = resolution_orders.c.meeting_id == meetings.c.id
        closed = sa.select(sa.func.count()).where(of_meeting, resolution_orders.c.state == "closed")
        made = sa.func.coalesce(sa.func.jsonb_array_length(meetings.c.resolutions), 0)
        query = self._scope.select(
            meetings, *meetings.c, made.label("made"), closed.scalar_subquery().label("closed")
        ).where(*self._conditions(wanted))
        return Paged(self._connection, query, (meetings.c.starts_at.desc(), meetings.c.id), _listed)

    async def numbers(self, among: Collection[str]) -> frozenset[str]:
        """Which of these numbers are those of meetings that the caller sees."""
        one_of = meetings.c.number.in_(among)
        return frozenset(await self._connection.scalars(self._scope.select(meetings, meetings.c.number).where(one_of)))

    async def counts(self, wanted: MeetingFilter) -> dict[str, int]:
        """How many meetings the filter finds, by state."""
        query = self._scope.select(meetings, meetings.c.state, sa.func.count().label("meetings"))
        rows = await self._connection.execute(query.where(*self._conditions(wanted)).group_by(meetings.c.state))
        return {row.state: row.meetings for row in rows}

    async def names(self, codes: Collection[str]) -> dict[str, str]:
        """The names of units by their codes."""
        query = unscoped(units, units.c.code, units.c.name, why="the tree is no secret among those who have signed in")
        rows = await self._connection.execute(query.where(units.c.code.in_(codes)))
        return {row.code: row.name for row in rows}

    def _conditions(self, wanted: MeetingFilter) -> Conditions:
        yield self._scope.within(wanted.area, meetings)
        yield from equal({meetings.c.state: wanted.state})
        yield from on_days(meetings.c.starts_at, wanted.since, wanted.until)
        if wanted.resolution_id is not None:
            of_it: sa.Select[Any] = sa.select(resolution_orders.c.meeting_id)
            yield meetings.c.id.in_(of_it.where(resolution_orders.c.resolution_id == wanted.resolution_id))
        yield from containing(wanted.q, meetings.c.title, meetings.c.number)


def _listed(row: sa.RowMapping) -> Listed:
    return Listed(Meetings.codec.of(row), row["made"], row["closed"])
