"""Reading leave and shifts within the caller's part of the tree. Leave has its reasons: but keepers, everybody sees only
their own."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.registry.availability.leave import KEEPERS, Leave, State
from services.registry.availability.shift import Shift
from services.registry.availability.store import Leaves, Shifts
from services.registry.availability.table import leave, shifts
from services.registry.errors import LEAVE_NOT_FOUND, SHIFT_NOT_FOUND
from services.registry.posts.reading import PostRole
from services.registry.units.table import units
from shared.auth.principal import Role
from shared.db.filters import Conditions, equal, on_days
from shared.db.keyset import Paged
from shared.db.scoped_reader import ScopedReader
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, QueryModel, Subject


class ShiftFilter(QueryModel):
    """`area` is a unit and all below it; `as_of` a day on which the shift holds, all where it is left out."""

    area: Code | None = None
    person: Subject | None = None
    role: PostRole | None = None
    as_of: Day | None = None


class ShiftQuery(PageQuery, ShiftFilter):
    """The same, page by page."""


class LeaveFilter(QueryModel):
    """`area` is a unit and all below it; leave that touches a day between `since` and `until`."""

    area: Code | None = None
    person: Subject | None = None
    state: State | None = None
    since: Day | None = None
    until: Day | None = None


class LeaveQuery(PageQuery, LeaveFilter):
    """The same, page by page."""


class LeaveReader(ScopedReader[Leave]):
    units, store, missing = units, Leaves, LEAVE_NOT_FOUND

    def find(self, wanted: LeaveFilter) -> Paged[tuple[Leave, str]]:
        """The latest first, each with its unit's present name."""
        query = self._select().join(units, units.c.code == leave.c.unit).add_columns(units.c.name.label("unit_name"))
        query, order = query.where(*self._conditions(wanted)), (leave.c.starts_at.desc(), leave.c.id.desc())
        return Paged(self._connection, query, order, lambda row: (self._read(row), row["unit_name"]))

    def _conditions(self, wanted: LeaveFilter) -> Conditions:
        yield self._scope.within(wanted.area, leave)
        yield from equal({leave.c.person: wanted.person, leave.c.state: wanted.state})
        yield from on_days(leave.c.ends_at, wanted.since, None)
        yield from on_days(leave.c.starts_at, None, wanted.until)

    def _select(self) -> sa.Select[Any]:
        every = self._caller.role in KEEPERS | {Role.AUDITOR}
        return super()._select() if every else super()._select().where(leave.c.person == self._caller.subject)


class ShiftReader(ScopedReader[Shift]):
    units, store, missing = units, Shifts, SHIFT_NOT_FOUND

    def find(self, wanted: ShiftFilter) -> Paged[tuple[Shift, str]]:
        """By unit, each with its unit's present name."""
        query = self._scope.select(shifts, *shifts.c, units.c.name.label("unit_name"))
        query = query.join(units, units.c.code == shifts.c.unit).where(*self._conditions(wanted))
        order = (shifts.c.unit, shifts.c.id)
        return Paged(self._connection, query, order, lambda row: (self._read(row), row["unit_name"]))

    def _conditions(self, wanted: ShiftFilter) -> Conditions:
        yield self._scope.within(wanted.area, shifts)
        yield from equal({shifts.c.person: wanted.person, shifts.c.role: wanted.role})
        if wanted.as_of is not None:
            yield holds_on(wanted.as_of)


def holds_on(day: date) -> sa.ColumnElement[bool]:
    """True for the shifts that hold on a local day."""
    return (shifts.c.valid_from <= day) & (shifts.c.valid_to.is_(None) | (shifts.c.valid_to > day))
