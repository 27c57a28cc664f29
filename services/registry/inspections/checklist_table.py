"""The tables of checklists: how each is kept, and every version that was published."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.inspections.kept_checklist import KeptChecklist
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

checklists = sa.Table(
    "checklists",
    metadata,
    *columns_of(KeptChecklist),
    sa.UniqueConstraint("code"),
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
