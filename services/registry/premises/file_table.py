"""The tables of the entries in the files of premises: the newest version of each, and every version."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.registry.schema import metadata


def _columns() -> "Iterator[sa.Column[Any]]":
    """A version of an entry, the same in the present state and in the history."""
    yield sa.Column("premises_id", UUID(as_uuid=True), nullable=False)
    yield sa.Column("item", sa.Text, nullable=False)
    yield sa.Column("values", JSONB, nullable=False)
    yield sa.Column("due_on", sa.Date)
    yield sa.Column("struck_out_on", sa.Date)
    yield sa.Column("version", sa.Integer, nullable=False)


file_entries = sa.Table(
    "file_entries",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    *_columns(),
    sa.Index("file_entries_premises", "premises_id", "item"),
    sa.Index("file_entries_due", "due_on", "id", postgresql_where=sa.text("due_on IS NOT NULL")),
)
"""The newest version of each entry."""

file_entry_versions = sa.Table(
    "file_entry_versions",
    metadata,
    sa.Column("id", UUID(as_uuid=True), nullable=False),
    *_columns(),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    # One file is read at a time.
    sa.PrimaryKeyConstraint("premises_id", "id", "version"),
)
"""Every version of each entry; rows are only ever added."""
