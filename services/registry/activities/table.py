"""The table of activities."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from services.registry.premises.table import premises
from services.registry.schema import metadata
from shared.units.scope import placed_by

serials = sa.Sequence("activities_serials", metadata=metadata)
"""The running part of the activities' numbers."""

activities = sa.Table(
    "activities",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("street", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("premises_id", UUID(as_uuid=True)),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ends_at", sa.DateTime(timezone=True)),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("organiser", sa.Text, nullable=False),
    sa.Column("target", sa.Text),
    sa.Column("details", JSONB, nullable=False),
    # Of the outcome: all three are null until it was held.
    sa.Column("people", sa.Integer),
    sa.Column("departments", ARRAY(sa.Text)),
    sa.Column("results", JSONB),
    sa.Column("planned_in", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    # By what the same activity is recognised: entered twice, also by two people at once, it is refused.
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Index("activities_place", "street", "starts_at", "id"),
    sa.Index("activities_premises", "premises_id", postgresql_where=sa.text("premises_id IS NOT NULL")),
    info=placed_by("unit", of_premises="premises_id", through=premises),
)
