"""Reading hazards within the caller's part of the tree; departments also see the areas they serve. Lists, counts and
tables share their conditions, so they agree. A closed one stays where it was; who succeeded its unit or has its premises
now sees it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field

from services.registry.hazards.errors import HAZARD_NOT_FOUND
from services.registry.hazards.hazard import Grade, Hazard
from services.registry.hazards.items import Item
from services.registry.hazards.lifecycle import Listing, State
from services.registry.hazards.store import Hazards
from services.registry.hazards.table import hazards
from services.registry.premises.name_reading import is_called
from services.registry.premises.table import premises
from services.registry.schema import files
from services.registry.units.table import successions, units
from shared.db.filters import Conditions, containing, equal
from shared.db.keyset import Paged
from shared.db.scoped_reader import ScopedReader
from shared.files.attach import PhotoOut, photos_of
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, QueryModel, ShortText
from shared.limits import Light
from shared.numbers import is_number, numbered
from shared.worktime.days import last_day_of

_h = hazards.c


class HazardFilter(QueryModel):
    """`area` is a unit and all below it; `open`: not closed yet; `asked`: an extension waits for a decision; `light=red`:
    overdue; `q` stands in the text or the premises' name, or is a number: whole, or its last six digits."""

    area: Code | None = None
    premises_id: Id | None = None
    state: Annotated[list[State], Field(default_factory=list, max_length=len(State))]
    open: bool | None = None
    grade: Grade | None = None
    item: Item | None = None
    listing: Listing | None = None
    light: Light | None = None
    asked: bool | None = None
    found_from: Day | None = None
    found_to: Day | None = None
    q: ShortText | None = None


class HazardQuery(PageQuery, HazardFilter):
    """The same, page by page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A hazard with the names of today; `place` is the premises' name, None outside of any."""

    hazard: Hazard
    unit_name: str | None
    place: str | None
    premises_number: str | None


@dataclass(frozen=True, slots=True)
class HazardCounts:
    """How many hazards the filter finds: in each state, of each grade and item, with each light."""

    total: int
    by_state: Mapping[State, int]
    by_grade: Mapping[Grade, int]
    by_item: Mapping[Item, int]
    by_light: Mapping[Light, int]


class Stated(NamedTuple):
    """What a table says of a hazard that is there; `rectify_by` is None where it was fixed on the spot."""

    item: Item
    text: str
    rectify_by: date | None


class HazardReader(ScopedReader[Row]):
    units, served, successions = units, True, successions
    store, missing = Hazards, HAZARD_NOT_FOUND

    def find(self, wanted: HazardFilter) -> Paged[Row]:
        """Newest first."""
        select = self._select().where(*self._conditions(wanted))
        return Paged(self._connection, select, (_h.found_at.desc(), _h.id), self._read)

    async def numbered(self, among: Collection[str]) -> dict[str, Stated]:
        """By number what a table states of hazards that the caller sees, of those of these numbers."""
        one_of = _h.number == sa.any_(sa.literal(list(among), sa.ARRAY(sa.Text)))
        told = (_h.number, _h.item, _h.text, _h.rectify_due_at)
        rows = await self._connection.execute(self._scope.select(hazards, *told).where(one_of))
        return {row.number: Stated(Item(row.item), row.text, _last_day(row.rectify_due_at)) for row in rows}

    async def counts(self, wanted: HazardFilter) -> HazardCounts:
        """One statement, whatever is counted."""
        light = self._light().label("light")
        columns = (_h.state, _h.grade, _h.item, light)
        select = self._scope.select(hazards, *columns, sa.func.count().label("hazards"))
        select = select.outerjoin(premises, premises.c.id == _h.premises_id)
        rows = (await self._connection.execute(select.where(*self._conditions(wanted)).group_by(*columns))).all()
        kinds = (State, Grade, Item, Light)
        by: list[Counter[Any]] = [Counter() for _ in kinds]
        for *values, count in rows:
            for counted, kind, value in zip(by, kinds, values, strict=True):
                counted[kind(value)] += count
        return HazardCounts(sum(row.hazards for row in rows), *by)

    async def photos(self, found: Sequence[Hazard]) -> dict[UUID, list[PhotoOut]]:
        """The photos of hazards that the caller sees."""
        return await photos_of(self._connection, files, Hazards.kind, [hazard.id for hazard in found])

    def _select(self) -> sa.Select[Any]:
        names = (
            units.c.name.label("unit_name"),
            premises.c.name.label("place"),
            premises.c.number.label("premises_number"),
        )
        select = self._scope.select(hazards, *hazards.c, *names)
        select = select.outerjoin(units, units.c.code == _h.unit)
        return select.outerjoin(premises, premises.c.id == _h.premises_id)

    def _read(self, row: sa.RowMapping) -> Row:
        return Row(Hazards.codec.of(row), row["unit_name"], row["place"], row["premises_number"])

    def _conditions(self, wanted: HazardFilter) -> Conditions:
        yield self._scope.within(wanted.area, hazards)
        yield from equal(
            {_h.premises_id: wanted.premises_id, _h.grade: wanted.grade, _h.item: wanted.item,
             _h.listing: wanted.listing, _h.asked.is_not(None): wanted.asked, self._light(): wanted.light}
        )  # fmt: skip
        if wanted.open is not None:
            yield _h.closed_at.is_(None) if wanted.open else _h.closed_at.is_not(None)
        if wanted.state:
            yield _h.state.in_(wanted.state)
        if wanted.found_from is not None:
            yield _h.found_on >= wanted.found_from
        if wanted.found_to is not None:
            yield _h.found_on <= wanted.found_to
        if wanted.q is not None and is_number(wanted.q):
            yield numbered(_h.number, wanted.q, prefixes=("", "YH-"))
        elif wanted.q is not None:
            yield sa.or_(is_called(premises, wanted.q), *containing(wanted.q, _h.text))

    def _light(self) -> sa.ColumnElement[str]:
        """`shared.limits.light` of a hazard's limits, in SQL."""
        warned = (
            (_h[f"{name}_state"] == "running") & (_h[f"{name}_warn_at"] <= self._uow.now)
            for name in ("rectify", "recheck", "decide")
        )
        return sa.case(
            (_h.due_at.is_(None), Light.NONE.value),
            (_h.due_at <= self._uow.now, Light.RED.value),
            (sa.or_(*warned), Light.YELLOW.value),
            else_=Light.GREEN.value,
        )


def _last_day(due_at: datetime | None) -> date | None:
    return last_day_of(due_at) if due_at else None
