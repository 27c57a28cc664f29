"""The table of final summaries. A unit has one for each period, however many workers make them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.registry.schema import metadata
from shared.units.scope import placed_by

summaries = sa.Table(
    "summaries",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("length", sa.Text, nullable=False),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    sa.Column("numbers", JSONB, nullable=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.UniqueConstraint("unit", "period", name="summaries_unit_period_key"),
    sa.Index("summaries_period", "length", "first"),
    info=placed_by("unit"),
)
