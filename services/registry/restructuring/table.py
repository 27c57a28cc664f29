"""The table of plans. Who succeeds whom stands beside the units (`units/table.py`)."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.registry.schema import metadata
from shared.units.scope import placed_by

serials = sa.Sequence("restructuring_serials", metadata=metadata)
"""The running part of the plans' numbers."""

restructurings = sa.Table(
    "restructurings",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("effective_from", sa.Date, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("steps", JSONB, nullable=False),
    sa.Column("area", sa.Text),
    sa.Column("concerned", ARRAY(sa.Text), nullable=False),
    sa.Column("drafted_by", sa.Text, nullable=False),
    sa.Column("drafted_in", sa.Text),
    sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Column("answer", sa.Text),
    sa.Column("applied_at", sa.DateTime(timezone=True)),
    sa.Column("failure", JSONB(none_as_null=True)),
    sa.Column("result", JSONB, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("restructurings_due", "effective_from", "id", postgresql_where=sa.text("state = 'approved'")),
    info=placed_by("area", "drafted_in", "concerned", owned_by="drafted_by"),
)
