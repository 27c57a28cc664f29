"""The table of proposals."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from services.registry.schema import metadata
from shared.units.scope import placed_by

proposals = sa.Table(
    "proposals",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("changes", JSONB, nullable=False),
    sa.Column("concerned", ARRAY(sa.Text), nullable=False),
    sa.Column("decided_in", sa.Text),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("proposed_in", sa.Text),
    sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Column("answer", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("proposals_state", "state", "id"),
    info=placed_by("decided_in", "concerned", owned_by="proposed_by"),
)
