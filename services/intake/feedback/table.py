"""The tables of feedback: what is told of each report's work order, and one row per closing that was rated."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from services.intake.schema import metadata
from shared.units.scope import placed_by

progress = sa.Table(
    "progress",
    metadata,
    sa.Column("report_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("unit", sa.Text),
    sa.Column("accept_due_at", sa.DateTime(timezone=True)),
    sa.Column("resolve_due_at", sa.DateTime(timezone=True)),
    sa.Column("result", sa.Text),
    sa.Column("photos", ARRAY(UUID(as_uuid=True)), nullable=False),
)

ratings = sa.Table(
    "ratings",
    metadata,
    sa.Column("report_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("closing", sa.Integer, primary_key=True),
    sa.Column("street", sa.Text, nullable=False),
    sa.Column("unit", sa.Text),
    sa.Column("contacted", sa.Boolean, nullable=False),
    sa.Column("solved", sa.Text, nullable=False),
    sa.Column("satisfied", sa.Text, nullable=False),
    sa.Column("words", sa.Text),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text),
    sa.Column("rated_by", sa.Text, nullable=False),
    sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("ratings_street", "street", "rated_at"),
    info=placed_by("unit", "street"),
)
