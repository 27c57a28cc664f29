"""Work orders, the responsibility catalogue, the units projection, and what every service has."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db.first_tables import create_service_tables, create_units_projection

revision = "20261129_0755_work_orders_first"
down_revision = None


def upgrade() -> None:
    create_service_tables("dispatch")
    create_units_projection("dispatch")
    op.create_table(
        "catalogues",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("catalogues_pkey")),
        schema="dispatch",
    )
    op.create_table(
        "work_orders",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("sources", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("catalogue", sa.Text(), nullable=False),
        sa.Column("routing", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("closing_condition", sa.Text(), nullable=True),
        sa.Column("accept_unit", sa.Text(), nullable=False),
        sa.Column("accept_limit", sa.Text(), nullable=False),
        sa.Column("accept_state", sa.Text(), nullable=False),
        sa.Column("accept_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accept_warn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accept_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accept_suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accept_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolve_unit", sa.Text(), nullable=False),
        sa.Column("resolve_limit", sa.Text(), nullable=False),
        sa.Column("resolve_state", sa.Text(), nullable=False),
        sa.Column("resolve_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolve_warn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolve_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolve_suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolve_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("returned_why", sa.Text(), nullable=True),
        sa.Column("suggested_unit", sa.Text(), nullable=True),
        sa.Column("reworks", sa.Integer(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("suspended_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("work_orders_pkey")),
        sa.UniqueConstraint("number", name=op.f("work_orders_number_key")),
        sa.UniqueConstraint("source_kind", "source_id", name=op.f("work_orders_source_kind_source_id_key")),
        schema="dispatch",
    )
    op.create_index("work_orders_area", "work_orders", ["area", "opened_at", "id"], unique=False, schema="dispatch")
    op.create_index(
        "work_orders_asked",
        "work_orders",
        ["street", "id"],
        unique=False,
        schema="dispatch",
        postgresql_where=sa.text("asked IS NOT NULL"),
    )
    op.create_index(
        "work_orders_inbox",
        "work_orders",
        ["lead_unit", "due_at", "id"],
        unique=False,
        schema="dispatch",
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "work_orders_last_six", "work_orders", [sa.literal_column("right(number, 6)")], unique=False, schema="dispatch"
    )
    op.create_index("work_orders_lead", "work_orders", ["lead_unit", "state"], unique=False, schema="dispatch")
    op.create_index(
        "work_orders_street",
        "work_orders",
        ["street", "due_at", "id"],
        unique=False,
        schema="dispatch",
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def downgrade() -> None:
    for table in ("work_orders", "catalogues", "units_revision", "units", "trail", "processed_events", "outbox"):
        op.drop_table(table, schema="dispatch")
    op.execute("DROP FUNCTION dispatch.refuse_trail_edit()")
