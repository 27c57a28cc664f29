"""Reading leave and shifts within the caller's part of the tree. Leave has its reasons: but keepers, everybody sees only
their own."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.registry.availability.leave import KEEPERS, Leave, State
from services.registry.availability.shift import Shift
from services.registry.availability.store import Leaves, Shifts
from services.registry.availability.table import leave, shifts
from services.registry.errors import LEAVE_NOT_FOUND, SHIFT_NOT_FOUND
from services.registry.posts.reading import PostRole
from services.registry.units.table import units
from shared.auth.principal import Principal, Role
from shared.db.filters import Conditions, equal, on_days
from shared.db.keyset import Paged
from shared.db.unit_of_work import UnitOfWork
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, QueryModel, Subject
from shared.units.scope import Scope


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


class LeaveReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._connection, self._scope = uow.connection, Scope(units, caller)
        self._own = caller.role not in KEEPERS | {Role.AUDITOR}
        self._caller = caller

    async def one(self, id: UUID) -> Leave:
        return LEAVE_NOT_FOUND.unless(await Leaves.seen(self._connection, self._seen().where(leave.c.id == id)))

    def find(self, wanted: LeaveFilter) -> Paged[tuple[Leave, str]]:
        """The latest first, each with its unit's present name."""
        query = self._seen().join(units, units.c.code == leave.c.unit).add_columns(units.c.name.label("unit_name"))
        query, order = query.where(*self._conditions(wanted)), (leave.c.starts_at.desc(), leave.c.id.desc())
        return Paged(self._connection, query, order, lambda row: (Leaves.codec.of(row), row["unit_name"]))

    def _conditions(self, wanted: LeaveFilter) -> Conditions:
        yield self._scope.within(wanted.area, leave)
        yield from equal({leave.c.person: wanted.person, leave.c.state: wanted.state})
        yield from on_days(leave.c.ends_at, wanted.since, None)
        yield from on_days(leave.c.starts_at, None, wanted.until)

    def _seen(self) -> sa.Select[Any]:
        query = self._scope.select(leave, *leave.c)
        return query.where(leave.c.person == self._caller.subject) if self._own else query


class ShiftReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._connection, self._scope = uow.connection, Scope(units, caller)

    async def one(self, id: UUID) -> Shift:
        return SHIFT_NOT_FOUND.unless(
            await Shifts.seen(self._connection, self._scope.select(shifts).where(shifts.c.id == id))
        )

    def find(self, wanted: ShiftFilter) -> Paged[tuple[Shift, str]]:
        """By unit, each with its unit's present name."""
        query = self._scope.select(shifts, *shifts.c, units.c.name.label("unit_name"))
        query = query.join(units, units.c.code == shifts.c.unit).where(*self._conditions(wanted))
        order = (shifts.c.unit, shifts.c.id)
        return Paged(self._connection, query, order, lambda row: (Shifts.codec.of(row), row["unit_name"]))

    def _conditions(self, wanted: ShiftFilter) -> Conditions:
        yield self._scope.within(wanted.area, shifts)
        yield from equal({shifts.c.person: wanted.person, shifts.c.role: wanted.role})
        if wanted.as_of is not None:
            yield holds_on(wanted.as_of)


def holds_on(day: date) -> sa.ColumnElement[bool]:
    """True for the shifts that hold on a local day."""
    return (shifts.c.valid_from <= day) & (shifts.c.valid_to.is_(None) | (shifts.c.valid_to > day))
