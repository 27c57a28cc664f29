"""Reading files: all that stands in one, and what is due in those of the caller's part of the tree."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.registry.errors import FILE_ENTRY_NOT_FOUND
from services.registry.premises.file_entry import FileEntry
from services.registry.premises.file_store import FileEntries
from services.registry.premises.file_table import file_entries
from services.registry.premises.kinds import Use
from services.registry.premises.past_reading import entries_then
from services.registry.premises.table import premises
from services.registry.units.table import units
from shared.clock import end_of
from shared.db.keyset import Paged
from shared.db.scoped_reader import ScopedReader
from shared.http.days import Day
from shared.http.types import Code, QueryModel


class ListedFilter(QueryModel):
    """Of the files in `area` and below: what holds there, and where given what is due before a local day."""

    area: Code | None = None
    due_before: Day | None = None


class FileReader(ScopedReader[FileEntry]):
    units, served, store, missing = units, True, FileEntries, FILE_ENTRY_NOT_FOUND

    async def of(self, premises_id: UUID, *, struck_out: bool, as_of: date | None = None) -> Sequence[FileEntry]:
        """All entries of one file, oldest first, as they are or stood when a local day ended; those that were struck out
        only where asked for."""
        rows = file_entries if as_of is None else entries_then(end_of(as_of))
        query = self._entries(rows).where(rows.c.premises_id == premises_id)
        if not struck_out:
            query = query.where(rows.c.struck_out_on.is_(None))
        found = await self._connection.execute(query.order_by(rows.c.id))
        return [self._read(row) for row in found.mappings()]

    def due(self, before: date, area: str | None) -> Paged[sa.RowMapping]:
        """The entries about which something is due before a local day, the most urgent first, each with the number and
        name of its premises."""
        query = self._entries(file_entries, premises.c.number.label("number"), premises.c.name.label("name"))
        query = query.where(file_entries.c.due_on < before, premises.c.use != Use.CLOSED.value)
        query = query.where(self._scope.within(area, premises))
        order = (file_entries.c.due_on, file_entries.c.id)
        return Paged(self._connection, query, order, lambda row: row)

    async def of_several(self, files: Collection[UUID]) -> Sequence[FileEntry]:
        """All entries that hold in these files, as they are."""
        wanted = file_entries.c.premises_id == sa.any_(sa.literal(list(files), sa.ARRAY(sa.Uuid)))
        query = self._select().where(wanted, file_entries.c.struck_out_on.is_(None))
        found = await self._connection.execute(query.order_by(file_entries.c.id))
        return [self._read(row) for row in found.mappings()]

    def of_item(self, item: str, wanted: ListedFilter) -> Paged[tuple[FileEntry, str, str]]:
        """All entries of one item that hold, each with the number and name of its premises."""
        query = self._entries(file_entries, premises.c.number.label("number"), premises.c.name.label("name"))
        query = query.where(file_entries.c.item == item, file_entries.c.struck_out_on.is_(None))
        if wanted.due_before is not None:
            query = query.where(file_entries.c.due_on < wanted.due_before)
        query = query.where(self._scope.within(wanted.area, premises))
        order = premises.c.number, file_entries.c.id
        return Paged(self._connection, query, order, lambda row: (named(row), row["number"], row["name"]))

    def _select(self) -> sa.Select[Any]:
        return self._entries(file_entries)

    def _entries(self, entries: sa.FromClause, *more: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """Entries of the premises that the caller sees."""
        query = self._scope.select(premises, *entries.c, *more)
        return query.join(entries, entries.c.premises_id == premises.c.id)


def named(rows: sa.RowMapping) -> FileEntry:
    """The entry of a row of `due`."""
    return FileEntries.codec.of(rows)
