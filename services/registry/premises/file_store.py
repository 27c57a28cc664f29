"""Entries as rows."""

from services.registry.premises.file_entry import FileEntry
from services.registry.premises.file_table import file_entries
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec


class FileEntries(Aggregates[FileEntry]):
    kind = "file_entry"
    codec = RowCodec(FileEntry, file_entries)
