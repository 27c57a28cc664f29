"""Reading files: all that stands in one, and what is due in those of the caller's part of the tree."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.registry.premises.file_entry import FileEntry
from services.registry.premises.file_store import FileEntries
from services.registry.premises.file_table import file_entries
from services.registry.premises.table import premises
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.db.keyset import Page, keyset
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope


class FileReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._connection = uow.connection
        self._scope = Scope(units, caller, served=True)

    async def one(self, id: UUID) -> FileEntry | None:
        rows = await self._connection.execute(self._select().where(file_entries.c.id == id))
        row = rows.mappings().one_or_none()
        return FileEntries.codec.of(row) if row else None

    async def of(self, premises_id: UUID, *, struck_out: bool) -> Sequence[FileEntry]:
        """All entries of one file, oldest first; those that were struck out only where asked for."""
        query = self._select().where(file_entries.c.premises_id == premises_id)
        if not struck_out:
            query = query.where(file_entries.c.struck_out_on.is_(None))
        rows = await self._connection.execute(query.order_by(file_entries.c.id))
        return [FileEntries.codec.of(row) for row in rows.mappings()]

    async def due(self, before: date, *, area: str | None, limit: int, after: str | None) -> Page:
        """A page of the entries about which something is due before a local day, the most urgent first, each with the
        number and name of its premises."""
        query = self._select(premises.c.number.label("number"), premises.c.name.label("name"))
        query = query.where(file_entries.c.due_on < before)
        if area is not None:
            query = query.where(self._scope.within(area, premises))
        return await keyset(
            self._connection, query, (file_entries.c.due_on, file_entries.c.id), limit=limit, after=after
        )

    def _select(self, *more: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """Entries of the premises that the caller sees."""
        query = self._scope.select(premises, *file_entries.c, *more)
        return query.join(file_entries, file_entries.c.premises_id == premises.c.id)


def named(rows: sa.RowMapping) -> FileEntry:
    """The entry of a row of `due`."""
    return FileEntries.codec.of(rows)
