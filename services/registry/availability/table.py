"""The tables of leave and shifts."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from services.registry.schema import metadata
from shared.units.scope import placed_by

leave = sa.Table(
    "leave",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Column("answer", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("leave_person", "person", "ends_at"),
    sa.Index("leave_unit", "unit", "starts_at"),
    info=placed_by("unit", owned_by="person"),
)

shifts = sa.Table(
    "shifts",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("person", sa.Text),
    sa.Column("weekdays", ARRAY(sa.SmallInteger), nullable=False),
    sa.Column("days", ARRAY(sa.Date), nullable=False),
    sa.Column("begins", sa.Text, nullable=False),
    sa.Column("ends", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("shifts_unit", "unit", "role"),
    info=placed_by("unit"),
)
