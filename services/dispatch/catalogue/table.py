"""The table of the responsibility catalogue: one row per version, never changed."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.dispatch.schema import metadata

catalogues = sa.Table(
    "catalogues",
    metadata,
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("effective_from", sa.Date, nullable=False),
    sa.Column("data", JSONB, nullable=False),
    sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
)
