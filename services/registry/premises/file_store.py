"""Entries as rows, every version of them beside the newest."""

from collections.abc import Sequence

from services.registry.premises.file_entry import FileEntry
from services.registry.premises.file_table import file_entries, file_entry_versions
from shared.change import Change
from shared.db.aggregates import Aggregates
from shared.db.history import keep_versions
from shared.db.rowcodec import RowCodec

HISTORY = RowCodec(FileEntry, file_entry_versions, beside=("recorded_at",))


class FileEntries(Aggregates[FileEntry]):
    kind = "file_entry"
    codec = RowCodec(FileEntry, file_entries)

    async def written(self, changes: Sequence[Change[FileEntry]]) -> None:
        await keep_versions(self._uow, HISTORY, changes)
