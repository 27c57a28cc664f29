"""The table of plans. Who succeeds whom stands beside the units (`units/table.py`)."""

import sqlalchemy as sa

from services.registry.restructuring.plan import Restructuring
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

serials = sa.Sequence("restructuring_serials", metadata=metadata)
"""The running part of the plans' numbers."""

restructurings = sa.Table(
    "restructurings",
    metadata,
    *columns_of(Restructuring),
    sa.UniqueConstraint("number"),
    sa.Index("restructurings_due", "effective_from", "id", postgresql_where=sa.text("state = 'approved'")),
    info=placed_by("area", "drafted_in", "concerned", owned_by="drafted_by"),
)
