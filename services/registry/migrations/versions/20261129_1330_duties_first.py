"""Duties: plans, duties with their open run, runs that are over, and for whom the plans were applied."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "20261129_1330_duties_first"
down_revision = "20261129_1340_composition_facts"

_UUID, _TEXT, _AT = sa.UUID(), sa.Text(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("duty_serials", schema="registry")))
    op.create_table(
        "duty_plans",
        sa.Column("id", _UUID, nullable=False),
        *_needed(_TEXT, "duty", "variant", "name", "bearer", "period", "function", "basis", "certainty"),
        sa.Column("area", _TEXT, nullable=True),
        *_needed(ARRAY(_TEXT), "kinds", "categories", "purposes", "counts"),
        sa.Column("key_units", sa.Boolean(), nullable=True),
        *_needed(sa.Boolean(), "below", "watched", "on"),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        *_needed(sa.Integer(), "rank", "version"),
        sa.PrimaryKeyConstraint("id", name="duty_plans_pkey"),
        sa.UniqueConstraint(
            "duty", "variant", "area", name="duty_plans_duty_variant_area_key", postgresql_nulls_not_distinct=True
        ),
        schema="registry",
    )  # fmt: skip
    op.create_table(
        "duties",
        *_needed(_UUID, "id", "plan_id", "bearer_id"),
        *_needed(_TEXT, "number", "duty", "name", "bearer", "street", "state", "do_unit", "do_limit", "do_state"),
        sa.Column("watched", sa.Boolean(), nullable=False),
        *_needed(_AT, "do_started_at", "do_warn_at", "do_due_at"),
        *(sa.Column(name, _AT, nullable=True) for name in ("do_suspended_at", "do_ended_at")),
        *(sa.Column(name, JSONB(), nullable=True) for name in ("last", "waiver")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="duties_pkey"),
        sa.UniqueConstraint("bearer_id", "duty", name="duties_bearer_id_duty_key"),
        schema="registry",
    )
    op.create_index(
        "duties_due", "duties", ["do_due_at", "id"], schema="registry",
        postgresql_where=sa.text("state IN ('running', 'waiver_asked')"),
    )  # fmt: skip
    op.create_index("duties_last_six", "duties", [sa.text("right(number, 6)")], schema="registry")
    op.create_index("duties_unit", "duties", ["do_unit", "do_due_at"], schema="registry")
    op.create_table(
        "duty_runs",
        *_needed(_UUID, "duty_id", "bearer_id"),
        *_needed(_AT, "started_at", "due_at"),
        *_needed(_TEXT, "outcome", "duty", "name", "bearer", "unit", "street"),
        sa.Column("what", _TEXT, nullable=True),
        sa.Column("done_at", _AT, nullable=True),
        sa.Column("thing_id", _UUID, nullable=True),
        sa.Column("thing_number", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("duty_id", "started_at", name="duty_runs_pkey"),
        schema="registry",
    )
    op.create_index("duty_runs_unit", "duty_runs", ["unit", "due_at"], schema="registry")
    op.create_index("duty_runs_bearer", "duty_runs", ["bearer_id", "due_at"], schema="registry")
    op.create_table(
        "duty_bearers",
        sa.Column("id", _UUID, nullable=False),
        *_needed(sa.Integer(), "version", "plans"),
        sa.Column("parent", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="duty_bearers_pkey"),
        schema="registry",
    )


def downgrade() -> None:
    for table in ("duty_bearers", "duty_runs", "duties", "duty_plans"):
        op.drop_table(table, schema="registry")
    op.execute(sa.schema.DropSequence(sa.Sequence("duty_serials", schema="registry")))


def _needed(kind: Any, *names: str) -> "Iterator[sa.Column[Any]]":
    yield from (sa.Column(name, kind, nullable=False) for name in names)
