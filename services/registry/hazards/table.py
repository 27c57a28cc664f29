"""The table of hazards, and the running part of their numbers."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB, UUID

from services.registry.premises.table import premises
from services.registry.schema import metadata
from shared.units.scope import placed_by


def _text(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _count(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer, nullable=False)


def _limit(name: str) -> "Iterator[sa.Column[Any]]":
    """The columns of a `shared.limits.TimeLimit` that a hazard may lack."""
    yield from (_text(f"{name}_{what}", nullable=True) for what in ("unit", "limit", "state"))
    instants = ("started_at", "warn_at", "due_at", "suspended_at", "ended_at")
    yield from (_instant(f"{name}_{what}", nullable=True) for what in instants)


hazard_serials = sa.Table(
    "hazard_serials",
    metadata,
    sa.Column("street", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("serial", sa.Integer, nullable=False),
)
"""The last serial of each street and local day."""

hazards = sa.Table(
    "hazards",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    # What it was found by: told twice, it is found once.
    sa.Column("origin", sa.Text, nullable=False, unique=True),
    # Of what a client sent under its own key, so that another body under it is told apart.
    sa.Column("body_hash", BYTEA),
    _text("street"),
    _text("unit"),
    sa.Column("premises_id", UUID(as_uuid=True)),
    _text("source_kind"),
    sa.Column("source_id", UUID(as_uuid=True)),
    _text("source_number"),
    _text("item"),
    _text("text"),
    _text("grade"),
    sa.Column("criteria", JSONB),
    _text("found_by"),
    sa.Column("found_on", sa.Date, nullable=False),
    _instant("found_at"),
    _text("state"),
    *_limit("rectify"),
    _instant("moved_at"),
    _count("version"),
    *_limit("recheck"),
    *_limit("decide"),
    sa.Column("sheet", JSONB),
    sa.Column("asked", JSONB),
    _count("extensions"),
    _text("rectified_by", nullable=True),
    _text("result", nullable=True),
    _count("failed"),
    _text("failed_why", nullable=True),
    _count("failed_version"),
    _text("transferred_to", nullable=True),
    _count("rechecks"),
    _text("listing"),
    _text("reported_to", nullable=True),
    _text("document", nullable=True),
    sa.Column("listed_until", sa.Date),
    _text("order_number", nullable=True),
    _count("order_version"),
    _instant("closed_at", nullable=True),
    sa.Column("report_photos", ARRAY(UUID(as_uuid=True)), nullable=False),
    # What is due next (Hazard.due_at); null when nothing is.
    _instant("due_at", nullable=True),
    sa.Index("hazards_place", "street", "unit", sa.text("found_at DESC"), "id"),
    sa.Index("hazards_newest", sa.text("found_at DESC"), "id"),
    sa.Index("hazards_due", "street", "due_at", "id", postgresql_where=sa.text("due_at IS NOT NULL")),
    sa.Index("hazards_of_premises", "premises_id", "found_at", postgresql_where=sa.text("premises_id IS NOT NULL")),
    sa.Index("hazards_last_six", sa.text("right(number, 6)")),
    info=placed_by("unit", "transferred_to", of_premises="premises_id", through=premises),
)
