"""The tables of duties: plans, duties with their open run, runs that are over, and for whom the plans were applied."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from services.registry.duties.duty import Duty
from services.registry.duties.plan import Plan
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

serials = sa.Sequence("duty_serials", metadata=metadata)
"""The running part of the duties' numbers."""


def _text(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


plans = sa.Table(
    "duty_plans",
    metadata,
    *columns_of(Plan, flat=("terms",), but=("weekday",)),
    sa.Column("weekday", sa.SmallInteger),
    # One plan of a name in an area; everywhere counts as an area.
    sa.UniqueConstraint("duty", "variant", "area", postgresql_nulls_not_distinct=True),
    info=placed_by("area"),
)

duties = sa.Table(
    "duties",
    metadata,
    *columns_of(Duty, prefixed=("do",)),
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
