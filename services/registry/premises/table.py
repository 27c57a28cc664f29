"""The tables of premises: the newest version of each, and every version."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from services.registry.schema import metadata
from shared.units.scope import placed_by

serials = sa.Sequence("premises_serials", metadata=metadata)
"""The running part of the files' numbers."""


def _columns() -> "Iterator[sa.Column[Any]]":
    """A version of premises, the same in the present state and in the history."""
    yield sa.Column("street", sa.Text, nullable=False)
    yield sa.Column("name", sa.Text, nullable=False)
    yield sa.Column("category", sa.Text, nullable=False)
    yield sa.Column("unit", sa.Text, nullable=False)
    yield sa.Column("address", sa.Text, nullable=False)
    yield sa.Column("key_unit", sa.Boolean, nullable=False)
    yield sa.Column("use", sa.Text, nullable=False)
    yield sa.Column("small_kind", sa.Text, nullable=False)
    yield sa.Column("credit_code", sa.Text, nullable=False)
    yield sa.Column("longitude", sa.Float(53))
    yield sa.Column("latitude", sa.Float(53))
    yield sa.Column("purpose", sa.Text, nullable=False)
    yield sa.Column("floor_area", sa.Float(53))
    yield sa.Column("floors_above", sa.Integer)
    yield sa.Column("floors_below", sa.Integer)
    yield sa.Column("people", sa.Integer)
    yield sa.Column("opens", sa.Text, nullable=False)
    yield sa.Column("closes", sa.Text, nullable=False)
    yield sa.Column("closed_on", ARRAY(sa.SmallInteger), nullable=False)
    yield sa.Column("responsible", sa.Text, nullable=False)
    yield sa.Column("responsible_phone", sa.Text, nullable=False)
    yield sa.Column("manager", sa.Text, nullable=False)
    yield sa.Column("manager_phone", sa.Text, nullable=False)
    yield sa.Column("version", sa.Integer, nullable=False)
    # By which letters find the name (names.spelled).
    yield sa.Column("spelled", sa.Text, nullable=False)


premises = sa.Table(
    "premises",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    *_columns(),
    # By what the same place is recognised: entered twice, also by two people at once, it is refused.
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Index("premises_place", "street", "unit", "number"),
    sa.Index("premises_credit_code", "credit_code", postgresql_where=sa.text("credit_code <> ''")),
    info=placed_by("unit", of_premises="id"),
)
"""The newest version of each file."""

premises_versions = sa.Table(
    "premises_versions",
    metadata,
    sa.Column("id", UUID(as_uuid=True), nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    *_columns(),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint("id", "version"),
    # Which files ever lay in an area: the past of a grid is not looked for in the whole ledger.
    sa.Index("premises_versions_unit", "unit", "id"),
)
"""Every version of each file; rows are only ever added. Who sees the file now sees its past."""
