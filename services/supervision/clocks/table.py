"""The tables of the watch: clocks, the steps taken, how far each thing's events are applied."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from services.supervision.clocks.clock import Clock
from services.supervision.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


clocks = sa.Table(
    "clocks",
    metadata,
    *columns_of(Clock, but=("level",)),
    sa.Column("level", sa.SmallInteger, nullable=False),
    # When the next step of the ladder is due (ladder.py); null when none ever is.
    _instant("next_at", nullable=True),
    # The trace of the request that began it all: steps are taken at nobody's request and go on from here.
    sa.Column("correlation_id", sa.Text),
    sa.Column("traceparent", sa.Text),
    sa.UniqueConstraint("thing_id", "name", "started_at"),
    sa.Index("clocks_next", "thing", "next_at", "id", postgresql_where=sa.text("next_at IS NOT NULL")),
    sa.Index("clocks_last_six", sa.text("right(number, 6)")),
    sa.Index("clocks_unit", "unit", "due_at", "id"),
    sa.Index("clocks_running", "due_at", "id", "unit", "name", postgresql_where=sa.text("state = 'running'")),
    info=placed_by("unit", "area"),
)

# Each step of the ladder as it was taken, with whose it was then; the primary key says that each is taken once.
steps = sa.Table(
    "steps",
    metadata,
    sa.Column("clock_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("step", sa.Text, primary_key=True),
    sa.Column("thing", sa.Text, nullable=False),
    sa.Column("thing_id", UUID(as_uuid=True), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("area", sa.Text, nullable=False),
    sa.Column("street", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    _instant("due_at"),
    _instant("at"),
    sa.Index("steps_newest", sa.text("at DESC"), "clock_id", "step"),
    info=placed_by("unit", "area"),
)

things = sa.Table(
    "things",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    # How far the events of this thing have been applied; whatever comes with a lower version is stale.
    sa.Column("version", sa.Integer, nullable=False),
    # How far before that, so that one upsert both notes the new version and tells the old one.
    sa.Column("before", sa.Integer, nullable=False),
)
