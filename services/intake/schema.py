"""Intake's tables, all in the schema `intake`."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, UUID

from shared.db.tables import service_tables
from shared.units.table import unit_tables

tables = service_tables("intake")
metadata = tables.metadata
units = unit_tables(metadata, boundaries=True)

report_serial = sa.Sequence("report_serial", metadata=metadata)

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    # Who sent it under which key: the same pair is the same report, for ever (a phone may send again days later).
    sa.Column("caller", sa.Text, nullable=False),
    sa.Column("client_key", sa.Text, nullable=False),
    sa.Column("body_hash", BYTEA, nullable=False),
    sa.Column("home", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("told_category", sa.Text),
    sa.Column("longitude", sa.Double),
    sa.Column("latitude", sa.Double),
    sa.Column("declared_point", sa.Text),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("occurred_at", sa.DateTime(timezone=True)),
    sa.Column("recorded_at", sa.DateTime(timezone=True)),
    # Name and phone as AES-GCM ciphertext with the key's id in front; see services/intake/store/reporter.py.
    sa.Column("reporter", BYTEA),
    sa.Column("unit", sa.Text),
    sa.Column("place_method", sa.Text),
    sa.Column("place_confidence", sa.Double),
    sa.Column("category", sa.Text),
    sa.Column("category_confidence", sa.Double),
    sa.Column("category_model", sa.Text),
    sa.Column("review_reasons", ARRAY(sa.Text), nullable=False),
    sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("triaged_at", sa.DateTime(timezone=True)),
    sa.Column("work_order", sa.Text),
    sa.Column("work_order_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.UniqueConstraint("caller", "client_key"),
    sa.Index("reports_review", "submitted_at", "id", postgresql_where=sa.text("status = 'needs_review'")),
    sa.Index("reports_unit_submitted", "unit", "submitted_at"),
    sa.Index("reports_last_six", sa.text("right(number, 6)")),
)

aggregates = {"report": reports}
"""Trail kind → the table whose `version` the trail must reach (`gridgov verify-trail`)."""
