"""The tables of units: the newest version of each, every version, and who succeeds whom."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from services.registry.schema import metadata
from shared.units.scope import placed_by
from shared.units.table import successions_table


def _columns() -> "Iterator[sa.Column[Any]]":
    """A version of a unit, the same in the present state and in the history."""
    yield sa.Column("kind", sa.Text, nullable=False)
    yield sa.Column("name", sa.Text, nullable=False)
    yield sa.Column("valid_from", sa.Date, nullable=False)
    yield sa.Column("parent", sa.Text)
    yield sa.Column("aliases", ARRAY(sa.Text), nullable=False)
    # Plain NULL for no boundary, not the JSON value null.
    yield sa.Column("boundary", JSONB(none_as_null=True))
    yield sa.Column("households", sa.Integer)
    yield sa.Column("residents", sa.Integer)
    yield sa.Column("functions", ARRAY(sa.Text), nullable=False)
    yield sa.Column("serves", ARRAY(sa.Text), nullable=False)
    yield sa.Column("valid_to", sa.Date)
    yield sa.Column("effective_from", sa.Date, nullable=False)
    yield sa.Column("version", sa.Integer, nullable=False)
    # By which a search finds the unit (names.terms_of).
    yield sa.Column("terms", ARRAY(sa.Text), nullable=False)


units = sa.Table(
    "units",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    *_columns(),
    # West, south, east and north of the boundary: which others it may touch is asked without reading corners.
    sa.Column("bounds", ARRAY(sa.Float(53))),
    # Name and aliases as they are compared: who else is called so.
    sa.Column("names", ARRAY(sa.Text), nullable=False),
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
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("id", UUID(as_uuid=True), nullable=False),
    *_columns(),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint("code", "version"),
)
"""Every version of each unit; rows are only ever added."""

successions = successions_table(metadata)
"""Who succeeds whom since a restructuring took effect: for what units own, and for who looks at their past."""
