"""Reading leave and shifts within the caller's part of the tree. Leave has its reasons: but keepers, everybody sees only
their own."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from services.registry.availability.leave import KEEPERS, Leave, State
from services.registry.availability.shift import Shift
from services.registry.availability.store import Leaves, Shifts
from services.registry.availability.table import leave, shifts
from services.registry.units.table import units
from shared.auth.principal import Principal, Role
from shared.clock import LOCAL
from shared.db.keyset import Page, every_page, keyset
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope

_EXPORTED: Final = 500


@dataclass(frozen=True, slots=True)
class WantedLeave:
    """A filter: `area` is a unit and all below it; leave that touches a local day between `since` and `until`."""

    area: str | None = None
    person: str | None = None
    state: State | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class WantedShifts:
    """A filter: `area` is a unit and all below it; `on` a local day on which the shift holds."""

    area: str | None = None
    person: str | None = None
    role: str | None = None
    on: date | None = None


class LeaveReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._connection, self._scope = uow.connection, Scope(units, caller)
        self._own = caller.role not in KEEPERS | {Role.AUDITOR}
        self._caller = caller

    async def one(self, id: UUID) -> Leave | None:
        return await Leaves.seen(self._connection, self._seen().where(leave.c.id == id))

    async def find(self, wanted: WantedLeave, *, limit: int, after: str | None) -> Page[tuple[Leave, str]]:
        """A page, the latest first, each with its unit's present name."""
        query = self._seen().join(units, units.c.code == leave.c.unit).add_columns(units.c.name.label("unit_name"))
        if wanted.area is not None:
            query = query.where(self._scope.within(wanted.area, leave))
        if wanted.person is not None:
            query = query.where(leave.c.person == wanted.person)
        if wanted.state is not None:
            query = query.where(leave.c.state == wanted.state)
        if wanted.since is not None:
            query = query.where(leave.c.ends_at > _midnight(wanted.since))
        if wanted.until is not None:
            query = query.where(leave.c.starts_at < _midnight(wanted.until + timedelta(days=1)))
        order = (leave.c.starts_at.desc(), leave.c.id.desc())
        return await keyset(self._connection, query, order, _leave, limit=limit, after=after)

    def pages(self, wanted: WantedLeave) -> AsyncIterator[Sequence[tuple[Leave, str]]]:
        return every_page(lambda after: self.find(wanted, limit=_EXPORTED, after=after))

    def _seen(self) -> sa.Select[Any]:
        query = self._scope.select(leave, *leave.c)
        return query.where(leave.c.person == self._caller.subject) if self._own else query


class ShiftReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._connection, self._scope = uow.connection, Scope(units, caller)

    async def one(self, id: UUID) -> Shift | None:
        return await Shifts.seen(self._connection, self._scope.select(shifts).where(shifts.c.id == id))

    async def find(self, wanted: WantedShifts, *, limit: int, after: str | None) -> Page[tuple[Shift, str]]:
        """A page by unit, each with its unit's present name."""
        query = self._scope.select(shifts, *shifts.c, units.c.name.label("unit_name"))
        query = query.join(units, units.c.code == shifts.c.unit)
        if wanted.area is not None:
            query = query.where(self._scope.within(wanted.area, shifts))
        if wanted.person is not None:
            query = query.where(shifts.c.person == wanted.person)
        if wanted.role is not None:
            query = query.where(shifts.c.role == wanted.role)
        if wanted.on is not None:
            query = query.where(holds_on(wanted.on))
        return await keyset(self._connection, query, (shifts.c.unit, shifts.c.id), _shift, limit=limit, after=after)

    def pages(self, wanted: WantedShifts) -> AsyncIterator[Sequence[tuple[Shift, str]]]:
        return every_page(lambda after: self.find(wanted, limit=_EXPORTED, after=after))


def _leave(row: sa.RowMapping) -> tuple[Leave, str]:
    return Leaves.codec.of(row), row["unit_name"]


def _shift(row: sa.RowMapping) -> tuple[Shift, str]:
    return Shifts.codec.of(row), row["unit_name"]


def holds_on(day: date) -> sa.ColumnElement[bool]:
    """True for the shifts that hold on a local day."""
    return (shifts.c.valid_from <= day) & (shifts.c.valid_to.is_(None) | (shifts.c.valid_to > day))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)
