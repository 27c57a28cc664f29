"""Clocks, how far each thing's events are applied and each owner has told, the units projection, and the rest."""

import sqlalchemy as sa
from alembic import op

from shared.db.first_tables import create_service_tables, create_told, create_units_projection

revision = "20261129_0800_clocks_start"
down_revision = None


def upgrade() -> None:
    create_service_tables("supervision")
    create_units_projection("supervision")
    op.create_table(
        "things",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="things_pkey"),
        schema="supervision",
    )
    create_told("supervision")
    op.create_table(
        "clocks",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("thing_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("limit", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="clocks_pkey"),
        sa.UniqueConstraint("thing_id", "name", "started_at", name="clocks_thing_id_name_started_at_key"),
        schema="supervision",
    )
    op.create_index(
        "clocks_next",
        "clocks",
        ["thing", "next_at", "id"],
        schema="supervision",
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "clocks_running",
        "clocks",
        ["due_at", "id", "unit", "name"],
        schema="supervision",
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index("clocks_unit", "clocks", ["unit", "due_at", "id"], schema="supervision")


def downgrade() -> None:
    for table in ("clocks", "told", "things", "units_revision", "units", "trail", "processed_events", "outbox"):
        op.drop_table(table, schema="supervision")
    op.execute("DROP FUNCTION supervision.refuse_trail_edit()")
