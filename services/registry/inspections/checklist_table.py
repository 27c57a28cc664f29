"""The tables of checklists: how each is kept, and every version that was published."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.registry.schema import metadata
from shared.units.scope import placed_by

checklists = sa.Table(
    "checklists",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("area", sa.Text),
    sa.Column("newest", sa.Integer, nullable=False),
    sa.Column("draft", JSONB(none_as_null=True)),
    sa.Column("version", sa.Integer, nullable=False),
    info=placed_by("area"),
)

checklist_versions = sa.Table(
    "checklist_versions",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("area", sa.Text),
    sa.Column("contents", JSONB, nullable=False),
    sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
)
"""Rows are only ever added. The first versions of the lists that a registry starts with are in `checklist_rows.py`."""
