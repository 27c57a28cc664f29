"""Up to when steps may be taken: no further than the owner has told everything, and never ahead of now."""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from services.supervision.schema import tables

_NOW: Final = sa.bindparam("now", type_=sa.DateTime(timezone=True))
_TICK: Final = sa.literal(timedelta(microseconds=1), sa.Interval)
_TOLD: Final = tables.told.c
HORIZONS: Final = (
    # What was promised is all before `until`; a step is due by an instant.
    sa.select(_TOLD.thing, sa.func.least(_NOW, sa.func.min(_TOLD.until) - _TICK).label("until"))
    .group_by(_TOLD.thing)
    .subquery("horizons")
)
"""Per kind of thing the last instant, not after `now`, by which steps may be taken: the smallest of all partitions'."""
