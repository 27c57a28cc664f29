"""Reading premises within the caller's part of the tree; departments also see the areas they serve.

A past day tells what was true when it ended. Access is of now: who sees a file sees its past. Places are of then: an area
has what lay in it on that day, in the tree of that day.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from services.registry.errors import PREMISES_NOT_FOUND, PREMISES_UNKNOWN
from services.registry.premises.file_table import file_entries
from services.registry.premises.kinds import Category, Use
from services.registry.premises.name_reading import is_called
from services.registry.premises.names import initials
from services.registry.premises.past_reading import entries_then, ever, premises_then
from services.registry.premises.premises import Premises
from services.registry.premises.store import Ledger
from services.registry.premises.table import premises, premises_versions
from services.registry.units.reading import TreeReader
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.clock import end_of, local_day
from shared.db.filters import Conditions, containing, equal
from shared.db.keyset import Paged
from shared.db.scoped_reader import ScopedReader
from shared.db.unit_of_work import UnitOfWork
from shared.http.days import AsOf, Day
from shared.http.pages import PageQuery
from shared.http.types import Code, ShortText
from shared.units.scope import below

AHEAD: Final = timedelta(days=31)
"""What is due within a month is due soon."""
_BY_NUMBER: Final = (premises.c.number,)


class PremisesFilter(AsOf):
    """`area` is a unit and all below it; `q` is found in name, address, number and credit code, and in letters in the
    name's pinyin (`quantang`) and its initials (`qt`). `due_before`: something in the file is due before that local day."""

    area: Code | None = None
    category: Category | None = None
    use: Use | None = None
    key_unit: bool | None = None
    small_kind: ShortText | None = None
    due_before: Day | None = None
    q: ShortText | None = None


class PremisesQuery(PageQuery, PremisesFilter):
    """The same, page by page."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file with the name of its unit, the local day by which the first thing in it is due, and its name's initials."""

    premises: Premises
    unit_name: str
    due_on: date | None
    initials: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many files there are: by category, key units, with something due within a month, with something overdue."""

    by_category: dict[Category, int]
    key_units: int
    due_soon: int
    overdue: int


class PremisesReader(ScopedReader[Premises]):
    """`as_of`: a past local day, today where it is None. Raises Invalid for a day to come."""

    units, served, store, missing = units, True, Ledger, PREMISES_NOT_FOUND

    def __init__(self, uow: UnitOfWork, caller: Principal, as_of: date | None = None) -> None:
        super().__init__(uow, caller)
        self._day = local_day(uow.now)
        self._rows: sa.FromClause = premises
        self._entries: sa.FromClause = file_entries
        self._tree: sa.FromClause = units
        if as_of is not None and as_of != self._day:
            self._tree = TreeReader(uow, as_of).rows
            self._day = as_of
            self._rows, self._entries = premises_then(end_of(as_of)), entries_then(end_of(as_of))

    async def named(self, id: UUID, field: str) -> Premises:
        """Those that a form names in `field`. Raises Invalid."""
        return PREMISES_UNKNOWN.unless(await self._seen(id), field=field)

    async def numbered(self, numbers: Collection[str]) -> dict[str, Premises]:
        """The premises with these numbers that the caller sees, by number."""
        wanted = premises.c.number == sa.any_(sa.literal(list(numbers), sa.ARRAY(sa.Text)))
        rows = await self._connection.execute(self._scope.select(premises).where(wanted))
        return {row["number"]: self._read(row) for row in rows.mappings()}

    def find(self, wanted: PremisesFilter) -> Paged[Listed]:
        """By number of the files."""
        first = sa.select(sa.func.min(self._entries.c.due_on)).where(self._entries.c.premises_id == premises.c.id)
        unit = self._rows.c.unit
        named = sa.func.coalesce(self._tree.c.name, unit).label("unit_name")
        query = self._of(*self._rows.c, named, first.scalar_subquery().label("first_due"))
        query = query.outerjoin(self._tree, self._tree.c.code == unit).where(*self._conditions(wanted))
        return Paged(self._connection, query, _BY_NUMBER, _listed)

    def bare(self, wanted: PremisesFilter) -> Paged[Premises]:
        """The same, nothing but the files."""
        query = self._select().where(*self._conditions(wanted))
        return Paged(self._connection, query, _BY_NUMBER, self._read)

    async def counts(self, wanted: PremisesFilter) -> Counts:
        soon, late = (self._due_before(day) for day in (self._day + AHEAD, self._day))
        rows = await self._connection.execute(
            self._of(
                self._rows.c.category,
                sa.func.count().label("files"),
                *(sa.func.count().filter(one).label(name) for name, one in (
                    ("key_units", self._rows.c.key_unit), ("soon", soon), ("late", late))),
            )
            .where(*self._conditions(wanted))
            .group_by(self._rows.c.category)
        )  # fmt: skip
        found = rows.all()
        return Counts(
            {Category(row.category): row.files for row in found},
            sum(row.key_units for row in found), sum(row.soon for row in found), sum(row.late for row in found),
        )  # fmt: skip

    def _select(self) -> sa.Select[Any]:
        return self._of(*self._rows.c)

    def _of(self, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """Of the files that the caller sees now, what was true of them on the day."""
        query = self._scope.select(premises, *columns)
        return query if self._rows is premises else query.join(self._rows, sa.true())

    def _conditions(self, wanted: PremisesFilter) -> Conditions:
        rows = self._rows.c
        if wanted.area is not None:
            inside = below(self._tree, wanted.area, served=True)
            yield rows.unit.in_(inside)
            if self._rows is not premises:
                yield premises.c.id.in_(ever(premises_versions.c.unit.in_(inside)))
        yield from equal(
            {rows.category: wanted.category, rows.use: wanted.use, rows.key_unit: wanted.key_unit,
             rows.small_kind: wanted.small_kind}
        )  # fmt: skip
        if wanted.due_before is not None:
            yield self._due_before(wanted.due_before)
        if wanted.q is not None:
            yield _says(self._rows, wanted.q)
            if self._rows is not premises:
                yield premises.c.id.in_(ever(_says(premises_versions, wanted.q)))

    def _due_before(self, day: date) -> sa.ColumnElement[bool]:
        """Whether something in the file is due before `day`; what is closed for good owes nothing."""
        entries = self._entries.c
        due = sa.exists().where(entries.premises_id == premises.c.id, entries.due_on < day)
        return due & (self._rows.c.use != Use.CLOSED.value)


def _says(rows: sa.FromClause, q: str) -> sa.ColumnElement[bool]:
    found_in = (rows.c.address, rows.c.number, rows.c.credit_code)
    return sa.or_(is_called(rows, q), *containing(q, *found_in))


def _listed(row: sa.RowMapping) -> Listed:
    return Listed(Ledger.codec.of(row), row["unit_name"], row["first_due"], initials(row["spelled"]))
