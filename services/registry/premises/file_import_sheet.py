"""Entries of many files at once: all rows or none, and nothing again the second time.

A row is known by its entry, or as one that says the same in the same file. Reach and rules are those of a form.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from services.registry.errors import FILE_ENTRY_NOT_FOUND, FILE_TOO_LONG, IMPORT_ROW_REPEATED, PREMISES_UNKNOWN
from services.registry.premises.file_entry import FileEntry, rewrite, write
from services.registry.premises.file_items import Values
from services.registry.premises.file_ledgers_sheet import values_told
from services.registry.premises.file_reading import FileReader
from services.registry.premises.file_store import FileEntries
from services.registry.premises.keep_file import MOST as MOST_OF_A_FILE
from services.registry.premises.premises import Premises
from services.registry.premises.reading import PremisesReader
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_parts

MOST: Final = 20_000
"""Rows of one import: the extinguishers of a street."""


async def import_file(item: str, rows: Sequence[Row], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Write and rewrite what the rows say. The unit of work must not be committed where one was refused."""
    return await take_parts(rows, _Table(item, uow, caller, why), uow, row=lambda row: row)


class _Table:
    """What the rows of one import meet: the files they write into, and what stands there."""

    def __init__(self, item: str, uow: UnitOfWork, caller: Principal, why: str | None) -> None:
        self._item, self._uow, self._caller, self._why = item, uow, caller, why
        self._store = FileEntries.of(uow)
        self._premises: Mapping[str, Premises] = {}
        self._entries: dict[UUID, FileEntry] = {}
        self._met: set[UUID] = set()
        """Entries that a row before was about: two rows that say the same are two entries."""
        self._lengths = Counter[UUID]()

    async def meet(self, rows: Sequence[Row]) -> None:
        self._premises = await PremisesReader(self._uow, self._caller).numbered(
            {row.values["premises"] for row in rows}
        )
        files = [one.id for one in self._premises.values()]
        reader = FileReader(self._uow, self._caller)
        found = await reader.of_several(files)
        self._lengths = Counter(entry.premises_id for entry in found)
        self._entries = {entry.id: entry for entry in found if entry.item == self._item}

    async def take(self, row: Row) -> Done:
        """Write or rewrite one entry. Raises what a form would."""
        premises = self._premises.get(row.values["premises"])
        if premises is None:
            raise PREMISES_UNKNOWN()
        values = values_told(self._item, row.values)
        before = self._named(row.values["entry"], premises) if row.values["entry"] else self._alike(premises, values)
        if before is None:
            return self._write(premises, values)
        if before.id in self._met:
            raise IMPORT_ROW_REPEATED()
        self._met.add(before.id)
        if before.values == values:
            return "same"
        self._store.put(rewrite(before, values, 0, by=self._caller.actor(), now=self._uow.now, why=self._why))
        return "changed"

    def _named(self, told: str, premises: Premises) -> FileEntry:
        try:
            found = self._entries.get(UUID(told))
        except ValueError:
            found = None
        if found is None or found.premises_id != premises.id:
            raise FILE_ENTRY_NOT_FOUND(field="entry")
        return found

    def _alike(self, premises: Premises, values: Values) -> FileEntry | None:
        alike = (one for one in self._entries.values() if one.premises_id == premises.id and one.values == values)
        return next((one for one in alike if one.id not in self._met), None)

    def _write(self, premises: Premises, values: Values) -> Done:
        self._lengths[premises.id] += 1
        if self._lengths[premises.id] > MOST_OF_A_FILE:
            raise FILE_TOO_LONG(most=MOST_OF_A_FILE)
        change = write(new_id(), premises.id, self._item, values, by=self._caller.actor(), now=self._uow.now)
        self._store.add(change)
        self._met.add(change.after.id)
        return "entered"
