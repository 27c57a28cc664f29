"""Reading activities within the caller's part of the tree; departments also see the areas they serve. Who succeeded a
unit sees what it held, and who has premises now what was held there."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.registry.activities.activity import Activity, ActivityState
from services.registry.activities.errors import ACTIVITY_NOT_FOUND
from services.registry.activities.kinds import ActivityKind, Target
from services.registry.activities.store import Activities
from services.registry.activities.table import activities
from services.registry.premises.name_reading import is_called
from services.registry.premises.table import premises
from services.registry.units.table import successions, units
from shared.clock import end_of
from shared.db.filters import Conditions, containing, equal, on_days
from shared.db.keyset import Paged
from shared.db.scoped_reader import ScopedReader
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, QueryModel, ShortText


class ActivityFilter(QueryModel):
    """`area` is a unit and all below it; `since` and `until` are local days, both included; `q` is found in title, place,
    number and the premises' name."""

    area: Code | None = None
    kind: ActivityKind | None = None
    state: ActivityState | None = None
    target: Target | None = None
    premises_id: Id | None = None
    since: Day | None = None
    until: Day | None = None
    q: ShortText | None = None


class ActivityQuery(PageQuery, ActivityFilter):
    """The same, page by page."""


class Named(NamedTuple):
    """An activity with the names of its unit and premises, and the number of the premises' file."""

    activity: Activity
    unit_name: str
    premises_number: str | None
    premises_name: str | None


class Tally(NamedTuple):
    kind: str
    state: str
    target: str | None
    activities: int
    people: int


class ActivityReader(ScopedReader[Named]):
    units, served, successions = units, True, successions
    store, missing = Activities, ACTIVITY_NOT_FOUND

    def find(self, wanted: ActivityFilter) -> Paged[Named]:
        """The latest first."""
        query = self._select().where(*self._conditions(wanted))
        return Paged(self._connection, query, (activities.c.starts_at.desc(), activities.c.id), self._read)

    async def of_premises(self, premises_id: UUID, until: date | None) -> Sequence[Activity]:
        """What was held at premises that the caller sees, up to a local day where one is named, oldest first."""
        query = self._scope.select(activities).where(
            activities.c.premises_id == premises_id, activities.c.state == ActivityState.HELD
        )
        if until is not None:
            query = query.where(activities.c.starts_at < end_of(until))
        rows = await self._connection.execute(query.order_by(activities.c.starts_at, activities.c.id))
        return [Activities.codec.of(row) for row in rows.mappings()]

    async def tally(self, wanted: ActivityFilter) -> Sequence[Tally]:
        """How many activities the filter finds and how many people they reached, by kind, state and target."""
        by = (activities.c.kind, activities.c.state, activities.c.target)
        counted = (sa.func.count(), sa.func.coalesce(sa.func.sum(activities.c.people), 0))
        query = self._joined(*by, *counted).where(*self._conditions(wanted))
        return [Tally(*row) for row in await self._connection.execute(query.group_by(*by))]

    def _select(self) -> sa.Select[Any]:
        names = (units.c.name.label("unit_name"), premises.c.number.label("premises_number"))
        return self._joined(*activities.c, *names, premises.c.name.label("premises_name"))

    def _read(self, row: sa.RowMapping) -> Named:
        return Named(Activities.codec.of(row), row["unit_name"], row["premises_number"], row["premises_name"])

    def _joined(self, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        query = self._scope.select(activities, *columns).join(units, units.c.code == activities.c.unit)
        return query.outerjoin(premises, premises.c.id == activities.c.premises_id)

    def _conditions(self, wanted: ActivityFilter) -> Conditions:
        rows = activities.c
        yield self._scope.within(wanted.area, activities)
        yield from equal(
            {rows.kind: wanted.kind, rows.state: wanted.state, rows.target: wanted.target,
             rows.premises_id: wanted.premises_id}
        )  # fmt: skip
        yield from on_days(rows.starts_at, wanted.since, wanted.until)
        if wanted.q is not None:
            yield sa.or_(is_called(premises, wanted.q), *containing(wanted.q, rows.title, rows.place, rows.number))
