"""Reading inspections within the caller's part of the tree; departments also see those of the areas they serve.

An inspection names for ever the unit in which it was made. Found and seen it is by whoever has its premises now, too, and
by who succeeded that unit: of several parts by the main one."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from services.registry.hazards.table import hazards
from services.registry.inspections.errors import INSPECTION_NOT_FOUND
from services.registry.inspections.inspection import Inspection, Kind
from services.registry.inspections.store import Inspections
from services.registry.inspections.table import inspections
from services.registry.premises.name_reading import is_called
from services.registry.premises.table import premises
from services.registry.units.table import successions, units
from shared.db.filters import Conditions, containing, equal, on_days
from shared.db.keyset import Paged
from shared.db.scoped_reader import ScopedReader
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, QueryModel, ShortText
from shared.units.scope import unscoped

_NEWEST: Final = (inspections.c.made_at.desc(), inspections.c.id)
_PLACE: Final = (premises.c.name.label("place"), premises.c.number.label("place_number"))


class InspectionFilter(QueryModel):
    """`area` is a unit and all below it, `who` an inspector's name, a part of it, or subject; `since` and `until` are local
    days, both included; `q` is found in the number and in name and address of the premises."""

    area: Code | None = None
    premises_id: Id | None = None
    kind: Kind | None = None
    failed: bool | None = None
    who: ShortText | None = None
    since: Day | None = None
    until: Day | None = None
    q: ShortText | None = None


class InspectionQuery(PageQuery, InspectionFilter):
    """The same, page by page."""


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


class InspectionReader(ScopedReader[Placed]):
    units, served, successions = units, True, successions
    store, missing = Inspections, INSPECTION_NOT_FOUND

    def find(self, wanted: InspectionFilter, who: sa.SelectBase | None) -> Paged[Placed]:
        """Newest first; `who` selects the subjects of inspectors, None: any."""
        query = self._select().where(*self._conditions(wanted, who))
        return Paged(self._connection, query, _NEWEST, self._read)

    def lines(self, wanted: InspectionFilter, who: sa.SelectBase | None) -> Paged[sa.RowMapping]:
        """The same, of each what a line of the ledger shows: rows as they are, for of a year there are many, and what was
        answered and found is the most of each."""
        columns = inspections.c
        shown = (
            columns.number, columns.unit, columns.made_at, columns.at_night, columns.kind, columns.inspector,
            columns.companions, columns.checklist, columns.checklist_version, columns.results, columns.remark,
            sa.func.jsonb_array_length(columns.findings).label("findings"), *_PLACE,
        )  # fmt: skip
        query = self._scope.select(inspections, *shown)
        query = query.outerjoin(premises, premises.c.id == columns.premises_id)
        query = query.where(*self._conditions(wanted, who))
        return Paged(self._connection, query, _NEWEST, lambda row: row)

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

    async def numbered(self, among: Collection[str]) -> dict[str, sa.RowMapping]:
        """By number what a table says of inspections that the caller sees, of those of these numbers."""
        c = inspections.c
        one_of = c.number == sa.any_(sa.literal(list(among), sa.ARRAY(sa.Text)))
        told = (c.number, c.made_at, c.at_night, c.kind, c.inspector, c.companions, c.results, c.remark)
        rows = await self._connection.execute(self._scope.select(inspections, *told).where(one_of))
        return {row["number"]: row for row in rows.mappings()}

    def _select(self) -> sa.Select[Any]:
        return (
            self._scope.select(inspections, *inspections.c, units.c.name.label("unit_name"), *_PLACE)
            .join(units, units.c.code == inspections.c.unit)
            .outerjoin(premises, premises.c.id == inspections.c.premises_id)
        )

    def _read(self, row: sa.RowMapping) -> Placed:
        return Placed(Inspections.codec.of(row), row["unit_name"], row["place"] or "", row["place_number"] or "")

    def _conditions(self, wanted: InspectionFilter, who: sa.SelectBase | None) -> Conditions:
        rows = inspections.c
        yield self._scope.within(wanted.area, inspections)
        yield from equal({rows.premises_id: wanted.premises_id, rows.kind: wanted.kind, rows.failed: wanted.failed})
        if who is not None:
            yield rows.inspector.in_(who)
        yield from on_days(rows.made_at, wanted.since, wanted.until)
        if wanted.q is not None:
            yield sa.or_(is_called(premises, wanted.q), *containing(wanted.q, rows.number, premises.c.address))
