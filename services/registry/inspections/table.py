"""The table of inspections. `unit` is where it was, `by_unit` whose people it were: both see it, and who has the premises
now."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, JSONB, UUID

from services.registry.premises.table import premises
from services.registry.schema import metadata
from shared.units.scope import placed_by

serials = sa.Sequence("inspection_serials", metadata=metadata)
"""The running part of their numbers."""

inspections = sa.Table(
    "inspections",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    # Who sent it under which key: the same pair is the same inspection, for ever (a phone may send again days later).
    sa.Column("caller", sa.Text, nullable=False),
    sa.Column("client_key", sa.Text, nullable=False),
    sa.Column("body_hash", BYTEA, nullable=False),
    sa.Column("premises_id", UUID(as_uuid=True)),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("street", sa.Text, nullable=False),
    sa.Column("category", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("checklist", sa.Text, nullable=False),
    sa.Column("checklist_version", sa.Integer, nullable=False),
    sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("doubtful", sa.Boolean, nullable=False),
    sa.Column("at_night", sa.Boolean, nullable=False),
    sa.Column("answers", JSONB, nullable=False),
    sa.Column("findings", JSONB, nullable=False),
    sa.Column("results", JSONB, nullable=False),
    sa.Column("failed", sa.Boolean, nullable=False),
    sa.Column("companions", sa.Text, nullable=False),
    sa.Column("inspected_person", sa.Text, nullable=False),
    sa.Column("unsigned_why", sa.Text, nullable=False),
    sa.Column("remark", sa.Text, nullable=False),
    sa.Column("inspector", sa.Text, nullable=False),
    sa.Column("by_unit", sa.Text),
    sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("imported", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.UniqueConstraint("caller", "client_key"),
    sa.Index("inspections_newest", sa.text("made_at DESC"), "id"),
    sa.Index("inspections_street", "street", sa.text("made_at DESC"), "id"),
    sa.Index(
        "inspections_premises",
        "premises_id",
        sa.text("made_at DESC"),
        postgresql_where=sa.text("premises_id IS NOT NULL"),
    ),
    info=placed_by("unit", "by_unit", of_premises="premises_id", through=premises),
)
