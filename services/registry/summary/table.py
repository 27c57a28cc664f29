"""The table of final summaries. A unit has one for each period, however many workers make them."""

import sqlalchemy as sa

from services.registry.schema import metadata
from services.registry.summary.summary import Summary
from shared.db.columns import columns_of
from shared.units.scope import placed_by

summaries = sa.Table(
    "summaries",
    metadata,
    *columns_of(Summary),
    sa.UniqueConstraint("unit", "period", name="summaries_unit_period_key"),
    sa.Index("summaries_period", "length", "first"),
    info=placed_by("unit"),
)
