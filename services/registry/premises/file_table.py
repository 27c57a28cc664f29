"""The table of the entries in the files of premises."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.registry.schema import metadata

file_entries = sa.Table(
    "file_entries",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("premises_id", UUID(as_uuid=True), nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("values", JSONB, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("struck_out_on", sa.Date),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("file_entries_premises", "premises_id", "item"),
    sa.Index("file_entries_due", "due_on", "id", postgresql_where=sa.text("due_on IS NOT NULL")),
)
