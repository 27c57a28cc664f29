"""The table of activities."""

import sqlalchemy as sa

from services.registry.activities.activity import Activity
from services.registry.premises.table import premises
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

serials = sa.Sequence("activities_serials", metadata=metadata)
"""The running part of the activities' numbers."""

activities = sa.Table(
    "activities",
    metadata,
    *columns_of(Activity, flat=("plan", "outcome")),
    # By what the same activity is recognised: entered twice, also by two people at once, it is refused.
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.UniqueConstraint("number"),
    sa.Index("activities_place", "street", "starts_at", "id"),
    sa.Index("activities_premises", "premises_id", postgresql_where=sa.text("premises_id IS NOT NULL")),
    info=placed_by("unit", of_premises="premises_id", through=premises),
)
