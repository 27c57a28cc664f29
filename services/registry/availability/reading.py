"""Reading leave and shifts within the caller's part of the tree. Leave has its reasons: but keepers, everybody sees only
their own."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from services.registry.availability.leave import KEEPERS, Leave, State
from services.registry.availability.shift import Shift
from services.registry.availability.store import Leaves, Shifts
from services.registry.availability.table import leave, shifts
from services.registry.posts.reading import PostRole
from services.registry.units.table import units
from shared.auth.principal import Principal, Role
from shared.db.filters import Conditions, equal, on_days
from shared.db.keyset import Page, all_of, keyset
from shared.db.unit_of_work import UnitOfWork
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, QueryModel, Subject
from shared.units.scope import Scope

_LATEST: Final = (leave.c.starts_at.desc(), leave.c.id.desc())
_BY_UNIT: Final = (shifts.c.unit, shifts.c.id)


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

    async def one(self, id: UUID) -> Leave | None:
        return await Leaves.seen(self._connection, self._seen().where(leave.c.id == id))

    async def find(self, wanted: LeaveQuery) -> Page[tuple[Leave, str]]:
        """A page, the latest first, each with its unit's present name."""
        query = self._found(wanted)
        return await keyset(self._connection, query, _LATEST, _leave, limit=wanted.limit, after=wanted.after)

    def pages(self, wanted: LeaveFilter) -> AsyncIterator[Sequence[tuple[Leave, str]]]:
        """All that the filter finds, the latest first, some hundred at a time."""
        return all_of(self._connection, self._found(wanted), _LATEST, _leave)

    def _found(self, wanted: LeaveFilter) -> sa.Select[Any]:
        query = self._seen().join(units, units.c.code == leave.c.unit).add_columns(units.c.name.label("unit_name"))
        return query.where(*self._conditions(wanted))

    def _conditions(self, wanted: LeaveFilter) -> Conditions:
        if wanted.area is not None:
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

    async def one(self, id: UUID) -> Shift | None:
        return await Shifts.seen(self._connection, self._scope.select(shifts).where(shifts.c.id == id))

    async def find(self, wanted: ShiftQuery) -> Page[tuple[Shift, str]]:
        """A page by unit, each with its unit's present name."""
        query = self._found(wanted)
        return await keyset(self._connection, query, _BY_UNIT, _shift, limit=wanted.limit, after=wanted.after)

    def pages(self, wanted: ShiftFilter) -> AsyncIterator[Sequence[tuple[Shift, str]]]:
        """All that the filter finds, by unit, some hundred at a time."""
        return all_of(self._connection, self._found(wanted), _BY_UNIT, _shift)

    def _found(self, wanted: ShiftFilter) -> sa.Select[Any]:
        query = self._scope.select(shifts, *shifts.c, units.c.name.label("unit_name"))
        return query.join(units, units.c.code == shifts.c.unit).where(*self._conditions(wanted))

    def _conditions(self, wanted: ShiftFilter) -> Conditions:
        if wanted.area is not None:
            yield self._scope.within(wanted.area, shifts)
        yield from equal({shifts.c.person: wanted.person, shifts.c.role: wanted.role})
        if wanted.as_of is not None:
            yield holds_on(wanted.as_of)


def _leave(row: sa.RowMapping) -> tuple[Leave, str]:
    return Leaves.codec.of(row), row["unit_name"]


def _shift(row: sa.RowMapping) -> tuple[Shift, str]:
    return Shifts.codec.of(row), row["unit_name"]


def holds_on(day: date) -> sa.ColumnElement[bool]:
    """True for the shifts that hold on a local day."""
    return (shifts.c.valid_from <= day) & (shifts.c.valid_to.is_(None) | (shifts.c.valid_to > day))
