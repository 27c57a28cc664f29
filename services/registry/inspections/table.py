"""The table of inspections. `unit` is where it was, `by_unit` whose people it were: both see it, and who has the premises
now."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from services.registry.inspections.inspection import Inspection
from services.registry.premises.table import premises
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

serials = sa.Sequence("inspection_serials", metadata=metadata)
"""The running part of their numbers."""

inspections = sa.Table(
    "inspections",
    metadata,
    *columns_of(Inspection, flat=("where", "told")),
    # Who sent it under which key: the same pair is the same inspection, for ever (a phone may send again days later).
    sa.Column("caller", sa.Text, nullable=False),
    sa.Column("client_key", sa.Text, nullable=False),
    sa.Column("body_hash", BYTEA, nullable=False),
    sa.Column("failed", sa.Boolean, nullable=False),
    sa.UniqueConstraint("number"),
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
