"""Supervision's tables, all in the schema `supervision`."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from shared.db.tables import service_tables
from shared.units.table import unit_tables

tables = service_tables("supervision")
metadata = tables.metadata
units = unit_tables(metadata)


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


work_orders = sa.Table(
    "work_orders",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    # How far the events of this work order have been applied; whatever comes with a lower version is stale.
    sa.Column("version", sa.Integer, nullable=False),
    # How far before that, so that one upsert both notes the new version and tells the old one.
    sa.Column("before", sa.Integer, nullable=False),
)

clocks = sa.Table(
    "clocks",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("work_order_id", UUID(as_uuid=True), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    # The version of the work order whose event started this clock. With order and kind the natural key: an instant
    # would not do, because a work order may be opened, returned and assigned again within one.
    sa.Column("since", sa.Integer, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("area", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("limit", sa.Text, nullable=False),
    sa.Column("calendar", sa.Text, nullable=False),
    _instant("started_at"),
    _instant("warn_at"),
    _instant("due_at"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("level", sa.SmallInteger, nullable=False),
    _instant("suspended_at", nullable=True),
    _instant("ended_at", nullable=True),
    sa.Column("version", sa.Integer, nullable=False),
    # When the next step of the ladder is due (domain/ladder.py); null when none ever is.
    _instant("next_at", nullable=True),
    # The trace of the request that began it all: steps are fired by nobody's request and go on from here.
    sa.Column("correlation_id", sa.Text),
    sa.Column("traceparent", sa.Text),
    sa.UniqueConstraint("work_order_id", "kind", "since"),
    sa.Index("clocks_next", "next_at", "id", postgresql_where=sa.text("next_at IS NOT NULL")),
    sa.Index("clocks_unit", "unit", "due_at", "id"),
    sa.Index("clocks_running", "due_at", "id", "unit", "kind", postgresql_where=sa.text("state = 'running'")),
)
