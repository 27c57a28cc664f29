"""The tables of duties: plans, duties with their open run, runs that are over, and for whom the plans were applied."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from services.registry.schema import metadata
from shared.units.scope import placed_by

serials = sa.Sequence("duty_serials", metadata=metadata)
"""The running part of the duties' numbers."""


def _text(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _limit(name: str) -> "Iterator[sa.Column[Any]]":
    """The columns of a `shared.limits.TimeLimit`."""
    yield from (_text(f"{name}_{what}") for what in ("unit", "limit", "state"))
    yield from (_instant(f"{name}_{what}") for what in ("started_at", "warn_at", "due_at"))
    yield from (_instant(f"{name}_{what}", nullable=True) for what in ("suspended_at", "ended_at"))


plans = sa.Table(
    "duty_plans",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    _text("duty"),
    _text("variant"),
    _text("area", nullable=True),
    _text("name"),
    _text("bearer"),
    _text("period"),
    sa.Column("kinds", ARRAY(sa.Text), nullable=False),
    _text("function"),
    sa.Column("categories", ARRAY(sa.Text), nullable=False),
    sa.Column("key_units", sa.Boolean),
    sa.Column("purposes", ARRAY(sa.Text), nullable=False),
    sa.Column("counts", ARRAY(sa.Text), nullable=False),
    sa.Column("below", sa.Boolean, nullable=False),
    sa.Column("weekday", sa.SmallInteger),
    sa.Column("watched", sa.Boolean, nullable=False),
    sa.Column("on", sa.Boolean, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    _text("basis"),
    _text("certainty"),
    sa.Column("version", sa.Integer, nullable=False),
    # One plan of a name in an area; everywhere counts as an area.
    sa.UniqueConstraint("duty", "variant", "area", postgresql_nulls_not_distinct=True),
    info=placed_by("area"),
)

duties = sa.Table(
    "duties",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    _text("number"),
    _text("duty"),
    _text("name"),
    sa.Column("plan_id", UUID(as_uuid=True), nullable=False),
    sa.Column("watched", sa.Boolean, nullable=False),
    _text("bearer"),
    sa.Column("bearer_id", UUID(as_uuid=True), nullable=False),
    _text("street"),
    _text("state"),
    *_limit("do"),
    sa.Column("last", JSONB(none_as_null=True)),
    sa.Column("waiver", JSONB(none_as_null=True)),
    sa.Column("version", sa.Integer, nullable=False),
    # The natural key: however often plans are applied, a bearer owes a thing once.
    sa.UniqueConstraint("bearer_id", "duty"),
    # In the order of every list, which leaves out those that ended.
    sa.Index("duties_due", "do_due_at", "id", postgresql_where=sa.text("state <> 'ended'")),
    sa.Index("duties_unit", "do_unit", "do_due_at"),
    sa.Index("duties_last_six", sa.text("right(number, 6)")),
    info=placed_by("do_unit", of_premises="bearer_id"),
)

runs = sa.Table(
    "duty_runs",
    metadata,
    sa.Column("duty_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("started_at", sa.DateTime(timezone=True), primary_key=True),
    _instant("due_at"),
    _text("outcome"),
    _text("duty"),
    _text("name"),
    _text("bearer"),
    sa.Column("bearer_id", UUID(as_uuid=True), nullable=False),
    _text("unit"),
    _text("street"),
    # What ended it, null for one that was missed.
    _text("what", nullable=True),
    _instant("done_at", nullable=True),
    sa.Column("thing_id", UUID(as_uuid=True)),
    _text("thing_number", nullable=True),
    sa.Index("duty_runs_unit", "unit", "due_at"),
    sa.Index("duty_runs_bearer", "bearer_id", "due_at"),
    info=placed_by("unit", of_premises="bearer_id"),
)
"""Rows are only ever added, each with the unit that was responsible then."""

bearers = sa.Table(
    "duty_bearers",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    # Of the unit or premises, as it was when the plans were applied; 0: they must be applied anew.
    sa.Column("version", sa.Integer, nullable=False),
    # Of all plans, their versions added up: it grows with each change of any.
    sa.Column("plans", sa.Integer, nullable=False),
    # By whose holidays: the version of the calendar; null for what an earlier release applied.
    _text("calendar", nullable=True),
    # Of a unit: under which it hung then. Another one changes what holds for all below.
    _text("parent", nullable=True),
)
