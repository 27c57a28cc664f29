"""The tables of units: the newest version of each, every version, and who succeeds whom."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from services.registry.schema import metadata
from services.registry.units.unit import Unit
from shared.db.columns import columns_of
from shared.units.scope import placed_by
from shared.units.table import successions_table

units = sa.Table(
    "units",
    metadata,
    *columns_of(Unit, flat=("state",)),
    # By which a search finds the unit (names.terms_of).
    sa.Column("terms", ARRAY(sa.Text), nullable=False),
    # West, south, east and north of the boundary: which others it may touch is asked without reading corners.
    sa.Column("bounds", ARRAY(sa.Float(53))),
    # Name and aliases as they are compared: who else is called so.
    sa.Column("names", ARRAY(sa.Text), nullable=False),
    sa.UniqueConstraint("code"),
    sa.Index("units_parent", "parent"),
    sa.Index("units_kind", "kind", "code"),
    sa.Index("units_names", "names", postgresql_using="gin"),
    info=placed_by("code"),
)
"""The newest version of each unit."""
sa.Index("units_terms", sa.func.array_to_tsvector(units.c.terms), postgresql_using="gin")

unit_versions = sa.Table(
    "unit_versions",
    metadata,
    *columns_of(Unit, flat=("state",), key=("code", "version")),
    sa.Column("terms", ARRAY(sa.Text), nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
)
"""Every version of each unit; rows are only ever added."""

successions = successions_table(metadata)
"""Who succeeds whom since a restructuring took effect: for what units own, and for who looks at their past."""
