"""The tables of leave and shifts."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from services.registry.availability.leave import Leave
from services.registry.availability.shift import Shift
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

leave = sa.Table(
    "leave",
    metadata,
    *columns_of(Leave),
    sa.Index("leave_person", "person", "ends_at"),
    sa.Index("leave_unit", "unit", "starts_at"),
    info=placed_by("unit", owned_by="person"),
)

shifts = sa.Table(
    "shifts",
    metadata,
    *columns_of(Shift, but=("weekdays",)),
    sa.Column("weekdays", ARRAY(sa.SmallInteger), nullable=False),
    sa.Index("shifts_unit", "unit", "role"),
    info=placed_by("unit"),
)
