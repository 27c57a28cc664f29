"""The table of work orders."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from services.dispatch.schema import metadata
from shared.units.scope import placed_by


def _text(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _limit(name: str) -> "Iterator[sa.Column[Any]]":
    """The columns of a `shared.limits.TimeLimit`."""
    yield from (_text(f"{name}_unit"), _text(f"{name}_limit"), _text(f"{name}_state"))
    yield from (_instant(f"{name}_{what}") for what in ("started_at", "warn_at", "due_at"))
    yield from (_instant(f"{name}_{what}", nullable=True) for what in ("suspended_at", "ended_at"))


work_orders = sa.Table(
    "work_orders",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("sources", JSONB, nullable=False),
    # The natural key that makes a second work order for a report impossible, whatever is delivered twice.
    _text("source_kind"),
    sa.Column("source_id", UUID(as_uuid=True), nullable=False),
    _text("title"),
    _text("text"),
    _text("category"),
    _text("area"),
    _text("street"),
    sa.Column("longitude", sa.Double),
    sa.Column("latitude", sa.Double),
    sa.Column("point_radius", sa.Double),
    _text("address"),
    _text("lead_unit", nullable=True),
    _text("state"),
    _text("priority"),
    _text("tier"),
    _text("rule"),
    _text("catalogue"),
    _text("routing"),
    _text("function"),
    sa.Column("function_held", sa.Boolean, nullable=False),
    sa.Column("check_photo", sa.Boolean, nullable=False),
    _text("condition", nullable=True),
    _text("closing_condition", nullable=True),
    *_limit("accept"),
    *_limit("resolve"),
    _instant("reported_at"),
    _instant("opened_at"),
    sa.Column("version", sa.Integer, nullable=False),
    _text("result", nullable=True),
    sa.Column("result_photos", ARRAY(UUID(as_uuid=True)), nullable=False),
    _text("resolved_by", nullable=True),
    sa.Column("returns", sa.Integer, nullable=False),
    _text("returned_why", nullable=True),
    _text("suggested_unit", nullable=True),
    sa.Column("reworks", sa.Integer, nullable=False),
    sa.Column("reopened", sa.Integer, nullable=False),
    _text("reopened_why", nullable=True),
    # The version of the report up to which its events were followed.
    sa.Column("source_version", sa.Integer, nullable=False),
    # The hazard among its sources: two work orders for one hazard are impossible.
    sa.Column("hazard_id", UUID(as_uuid=True), unique=True),
    _text("hazard_number", nullable=True),
    sa.Column("hazard_version", sa.Integer, nullable=False),
    sa.Column("asked", JSONB),
    _instant("suspended_until", nullable=True),
    sa.Column("extensions", sa.Integer, nullable=False),
    _instant("closed_at", nullable=True),
    sa.Column("joined", sa.Integer, nullable=False),
    _instant("exception_until", nullable=True),
    # What is due next (WorkOrder.due_at); null when nothing is. The inbox is sorted by it.
    _instant("due_at", nullable=True),
    sa.UniqueConstraint("source_kind", "source_id"),
    # A department above the streets leads work orders in many of them: its inbox begins with itself.
    sa.Index("work_orders_inbox", "lead_unit", "due_at", "id", postgresql_where=sa.text("due_at IS NOT NULL")),
    sa.Index("work_orders_street", "street", "due_at", "id", postgresql_where=sa.text("due_at IS NOT NULL")),
    sa.Index("work_orders_area", "area", "opened_at", "id"),
    sa.Index("work_orders_newest", sa.text("opened_at DESC"), "id"),
    sa.Index("work_orders_board", "street", "closed_at"),
    sa.Index("work_orders_lead", "lead_unit", "state"),
    sa.Index("work_orders_asked", "street", "id", postgresql_where=sa.text("asked IS NOT NULL")),
    sa.Index("work_orders_last_six", sa.text("right(number, 6)")),
    sa.Index(
        "work_orders_hazard_last_six",
        sa.text("right(hazard_number, 6)"),
        postgresql_where=sa.text("hazard_number IS NOT NULL"),
    ),
    info=placed_by("lead_unit", "area"),
)
