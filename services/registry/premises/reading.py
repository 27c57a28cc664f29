"""Reading premises within the caller's part of the tree; departments also see the areas they serve."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from services.registry.premises.kinds import Category, Use
from services.registry.premises.premises import Premises
from services.registry.premises.store import Ledger
from services.registry.premises.table import premises
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.db.keyset import keyset
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope

_EXPORTED: Final = 2_000
"""Files of one look when all are wanted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter: `area` is a unit and all below it, `q` is found in name, address, number and credit code."""

    area: str | None = None
    category: Category | None = None
    use: Use | None = None
    key_unit: bool | None = None
    q: str | None = None


class PremisesReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._connection = uow.connection
        self._scope = Scope(units, caller, served=True)

    async def one(self, id: UUID) -> Premises | None:
        row = (await self._connection.execute(self._scope.select(premises).where(premises.c.id == id))).mappings()
        found = row.one_or_none()
        return Ledger.codec.of(found) if found else None

    async def numbered(self, numbers: Collection[str]) -> dict[str, Premises]:
        """The premises with these numbers that the caller sees, by number."""
        wanted = premises.c.number == sa.any_(sa.literal(list(numbers), sa.ARRAY(sa.Text)))
        rows = await self._connection.execute(self._scope.select(premises).where(wanted))
        return {row["number"]: Ledger.codec.of(row) for row in rows.mappings()}

    async def find(
        self, wanted: Wanted, *, limit: int, after: str | None
    ) -> tuple[Sequence[tuple[Premises, str]], str | None]:
        """A page by number of the files and their units' names; and the cursor of the next."""
        query = self._scope.select(premises, *premises.c, units.c.name.label("unit_name"))
        query = query.join(units, units.c.code == premises.c.unit).where(*self._conditions(wanted))
        page = await keyset(self._connection, query, (premises.c.number,), limit=limit, after=after)
        return [(Ledger.codec.of(row), row["unit_name"]) for row in page.rows], page.next

    async def counts(self, wanted: Wanted) -> dict[str, int]:
        """How many files the filter finds, by category."""
        rows = await self._connection.execute(
            self._scope.select(premises, premises.c.category, sa.func.count().label("files"))
            .where(*self._conditions(wanted))
            .group_by(premises.c.category)
        )
        return {row.category: row.files for row in rows}

    async def pages(self, wanted: Wanted) -> AsyncIterator[Sequence[Premises]]:
        """All that the filter finds, by number, some thousand at a time."""
        after: str | None = None
        while True:
            found, after = await self.find(wanted, limit=_EXPORTED, after=after)
            yield [one for one, _ in found]
            if after is None:
                return

    def _conditions(self, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
        given: list[sa.ColumnElement[bool]] = []
        if wanted.area is not None:
            given.append(self._scope.within(wanted.area, premises))
        simple: dict[str, Any] = {"category": wanted.category, "use": wanted.use, "key_unit": wanted.key_unit}
        given += [premises.c[name] == value for name, value in simple.items() if value is not None]
        if wanted.q is not None:
            found_in = (premises.c.name, premises.c.address, premises.c.number, premises.c.credit_code)
            given.append(sa.or_(*(column.icontains(wanted.q, autoescape=True) for column in found_in)))
        return given
