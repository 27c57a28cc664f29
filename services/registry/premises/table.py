"""The table of premises."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from services.registry.schema import metadata
from shared.units.scope import placed_by

serials = sa.Sequence("premises_serials", metadata=metadata)
"""The running part of the files' numbers."""

premises = sa.Table(
    "premises",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("street", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("key_unit", sa.Boolean, nullable=False),
    sa.Column("use", sa.Text, nullable=False),
    sa.Column("small_kind", sa.Text, nullable=False),
    sa.Column("credit_code", sa.Text, nullable=False),
    sa.Column("longitude", sa.Float(53)),
    sa.Column("latitude", sa.Float(53)),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("floor_area", sa.Float(53)),
    sa.Column("floors_above", sa.Integer),
    sa.Column("floors_below", sa.Integer),
    sa.Column("people", sa.Integer),
    sa.Column("opens", sa.Text, nullable=False),
    sa.Column("closes", sa.Text, nullable=False),
    sa.Column("responsible", sa.Text, nullable=False),
    sa.Column("responsible_phone", sa.Text, nullable=False),
    sa.Column("manager", sa.Text, nullable=False),
    sa.Column("manager_phone", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    # By what the same place is recognised: entered twice, also by two people at once, it is refused.
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Index("premises_place", "street", "unit", "number"),
    sa.Index("premises_credit_code", "credit_code", postgresql_where=sa.text("credit_code <> ''")),
    info=placed_by("unit"),
)
