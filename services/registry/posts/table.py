"""The table of posts."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from services.registry.schema import metadata
from shared.units.scope import placed_by

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("premises_id", UUID(as_uuid=True)),
    sa.Index("posts_unit", "unit", "role"),
    sa.Index("posts_person", "person"),
    sa.Index("posts_premises", "premises_id", postgresql_where=sa.text("premises_id IS NOT NULL")),
    info=placed_by("unit"),
)
