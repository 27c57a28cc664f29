"""Dispatch's tables, all in the schema `dispatch`."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.db.tables import service_tables
from shared.units.table import unit_tables

tables = service_tables("dispatch")
metadata = tables.metadata
units = unit_tables(metadata)


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


work_orders = sa.Table(
    "work_orders",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    # The natural key that makes a second work order for a report impossible, whatever is delivered twice.
    sa.Column("report_id", UUID(as_uuid=True), nullable=False, unique=True),
    sa.Column("report_number", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("area", sa.Text, nullable=False),
    sa.Column("lead_unit", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("priority", sa.Text, nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("catalogue", sa.Text, nullable=False),
    sa.Column("routing", sa.Text, nullable=False),
    sa.Column("accept_limit", sa.Text, nullable=False),
    _instant("accept_from"),
    _instant("accept_due_at"),
    sa.Column("resolve_limit", sa.Text, nullable=False),
    _instant("resolve_from"),
    _instant("resolve_due_at"),
    _instant("reported_at"),
    _instant("opened_at"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("result", sa.Text),
    sa.Column("resolved_by", sa.Text),
    sa.Column("returns", sa.Integer, nullable=False),
    sa.Column("reworks", sa.Integer, nullable=False),
    _instant("closed_at", nullable=True),
    # What is due next (domain/work_order.py); null when nothing is. The inbox is sorted by it.
    _instant("due_at", nullable=True),
    sa.Index("work_orders_inbox", "lead_unit", "due_at", "id", postgresql_where=sa.text("due_at IS NOT NULL")),
    sa.Index("work_orders_area", "area", "due_at", "id"),
    sa.Index("work_orders_lead", "lead_unit", "opened_at"),
    sa.Index("work_orders_last_six", sa.text("right(number, 6)")),
    sa.Index("work_orders_report_number", "report_number"),
)

catalogues = sa.Table(
    "catalogues",
    metadata,
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("effective_from", sa.Date, nullable=False),
    sa.Column("data", JSONB, nullable=False),
    _instant("published_at"),
)
