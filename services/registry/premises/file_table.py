"""The tables of the entries in the files of premises: the newest version of each, and every version."""

import sqlalchemy as sa

from services.registry.premises.file_entry import FileEntry
from services.registry.schema import metadata
from shared.db.columns import columns_of

file_entries = sa.Table(
    "file_entries",
    metadata,
    *columns_of(FileEntry),
    sa.Index("file_entries_premises", "premises_id", "item"),
    sa.Index("file_entries_due", "due_on", "id", postgresql_where=sa.text("due_on IS NOT NULL")),
)
"""The newest version of each entry."""

file_entry_versions = sa.Table(
    "file_entry_versions",
    metadata,
    *columns_of(FileEntry, key=()),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    # One file is read at a time.
    sa.PrimaryKeyConstraint("premises_id", "id", "version"),
)
"""Every version of each entry; rows are only ever added."""
