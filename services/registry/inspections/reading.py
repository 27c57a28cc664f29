"""Reading inspections within the caller's part of the tree; departments also see those of the areas they serve.

An inspection names for ever the unit in which it was made. Found and seen it is by whoever has its premises now, too, and
by who succeeded that unit: of several parts by the main one."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from services.registry.hazards.table import hazards
from services.registry.inspections.inspection import Inspection, Kind
from services.registry.inspections.store import Inspections
from services.registry.inspections.table import inspections
from services.registry.premises.table import premises
from services.registry.units.table import successions, units
from shared.auth.principal import Principal
from shared.clock import LOCAL
from shared.db.keyset import Page, all_of, keyset
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope, unscoped

_NEWEST: Final = (inspections.c.made_at.desc(), inspections.c.id)
_PLACE: Final = (premises.c.name.label("place"), premises.c.number.label("place_number"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter: `area` is a unit and all below it; `since` and `until` are local days, both included; `who` selects the
    subjects of inspectors; `q` is found in number, name and address."""

    area: str | None = None
    premises_id: UUID | None = None
    kind: Kind | None = None
    failed: bool | None = None
    who: sa.SelectBase | None = None
    since: date | None = None
    until: date | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """An inspection with the names of where it was; `premises` is "" without any."""

    inspection: Inspection
    unit_name: str
    premises: str
    premises_number: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The hazard of a finding as it is now."""

    number: str
    state: str


class InspectionReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._connection = uow.connection
        self._scope = Scope(units, caller, served=True, heirs=successions)

    async def one(self, id: UUID) -> Placed | None:
        rows = await self._connection.execute(self._select().where(inspections.c.id == id))
        row = rows.mappings().one_or_none()
        return None if row is None else _placed(row)

    async def find(self, wanted: Wanted, *, limit: int, after: str | None) -> Page[Placed]:
        """A page, newest first."""
        query = self._select().where(*self._conditions(wanted))
        return await keyset(self._connection, query, _NEWEST, _placed, limit=limit, after=after)

    def lines(self, wanted: Wanted) -> AsyncIterator[Sequence[sa.RowMapping]]:
        """Of all that the filter finds what a line of the ledger shows, newest first, some hundred at a time: rows as
        they are, for of a year there are many, and what was answered and found is the most of each."""
        columns = inspections.c
        shown = (
            columns.number, columns.unit, columns.made_at, columns.at_night, columns.kind, columns.inspector,
            columns.companions, columns.checklist, columns.checklist_version, columns.results, columns.remark,
            sa.func.jsonb_array_length(columns.findings).label("findings"), *_PLACE,
        )  # fmt: skip
        query = self._scope.select(inspections, *shown)
        query = query.outerjoin(premises, premises.c.id == columns.premises_id).where(*self._conditions(wanted))
        return all_of(self._connection, query, _NEWEST, lambda row: row)

    async def opened(self, ids: Collection[UUID]) -> dict[UUID, Opened]:
        """The hazards of findings; whoever sees an inspection sees what it found."""
        if not ids:
            return {}
        columns = hazards.c
        query = unscoped(
            hazards, columns.id, columns.number, columns.state, why="findings of an inspection that the caller sees"
        )
        rows = await self._connection.execute(query.where(columns.id.in_(ids)))
        return {row.id: Opened(row.number, row.state) for row in rows}

    async def numbers(self, among: Collection[str]) -> frozenset[str]:
        """Which of these numbers are those of inspections that the caller sees."""
        one_of = inspections.c.number == sa.any_(sa.literal(list(among), sa.ARRAY(sa.Text)))
        return frozenset(
            await self._connection.scalars(self._scope.select(inspections, inspections.c.number).where(one_of))
        )

    def _select(self) -> sa.Select[Any]:
        return (
            self._scope.select(inspections, *inspections.c, units.c.name.label("unit_name"), *_PLACE)
            .join(units, units.c.code == inspections.c.unit)
            .outerjoin(premises, premises.c.id == inspections.c.premises_id)
        )

    def _conditions(self, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
        columns = inspections.c
        given: list[sa.ColumnElement[bool]] = []
        if wanted.area is not None:
            given.append(self._scope.within(wanted.area, inspections))
        simple: dict[str, Any] = {
            "premises_id": wanted.premises_id, "kind": wanted.kind, "failed": wanted.failed,
        }  # fmt: skip
        given += [columns[name] == value for name, value in simple.items() if value is not None]
        if wanted.who is not None:
            given.append(columns.inspector.in_(wanted.who))
        if wanted.since is not None:
            given.append(columns.made_at >= _begin(wanted.since))
        if wanted.until is not None:
            given.append(columns.made_at < _begin(wanted.until + timedelta(days=1)))
        if wanted.q is not None:
            found_in = (columns.number, premises.c.name, premises.c.address)
            given.append(sa.or_(*(column.icontains(wanted.q, autoescape=True) for column in found_in)))
        return given


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


def _placed(row: sa.RowMapping) -> Placed:
    return Placed(Inspections.codec.of(row), row["unit_name"], row["place"] or "", row["place_number"] or "")
