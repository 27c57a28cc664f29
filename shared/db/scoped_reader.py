"""What a caller sees of one kind of thing. Readers derive from this, so none forgets the scope.

    class ShiftReader(ScopedReader[Shift]):
        units, store, missing = units, Shifts, SHIFT_NOT_FOUND

    shift = await ShiftReader(uow, caller).one(id)

Lists and counts are each reader's own, for they rarely show the same as `one`.
"""

from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from shared.auth.principal import Principal
from shared.db.aggregates import Aggregates
from shared.db.unit_of_work import UnitOfWork
from shared.errors import ErrorRow, NotFound
from shared.units.scope import Scope

T = TypeVar("T")


class ScopedReader(Generic[T]):
    """`units`, `served` and `successions` are those of the `Scope`; `missing` is raised for what is not in it. A reader that
    shows more than the thing, such as names from elsewhere, has its own `_select` and `_read`."""

    units: ClassVar[sa.Table]
    served: ClassVar[bool] = False
    successions: ClassVar[sa.Table | None] = None
    store: ClassVar[type[Aggregates[Any]]]
    missing: ClassVar[ErrorRow[NotFound]]

    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._uow, self._connection, self._caller = uow, uow.connection, caller
        self._scope = Scope(self.units, caller, self.served, self.successions)

    async def one(self, id: UUID) -> T:
        """As this transaction leaves it. Raises NotFound for one that is not there or out of scope."""
        return self.missing.unless(await self._seen(id))

    async def _seen(self, id: UUID) -> T | None:
        await self.store.of(self._uow).flush()
        rows = await self._connection.execute(self._select().where(self.store.codec.table.c.id == id))
        row = rows.mappings().one_or_none()
        return None if row is None else self._read(row)

    def _select(self) -> sa.Select[Any]:
        """All that the caller sees."""
        return self._scope.select(self.store.codec.table)

    def _read(self, row: sa.RowMapping) -> T:
        """What is made of a row of `_select`."""
        found: T = self.store.codec.of(row)
        return found
