"""Work orders, the responsibility catalogue, the units projection, and the builder."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db.first_tables import create_service_tables, create_units_projection

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_service_tables("dispatch")
    create_units_projection("dispatch")
    op.create_table(
        "catalogues",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name="catalogues_pkey"),
        schema="dispatch",
    )
    op.create_table(
        "work_orders",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("report_id", sa.UUID(), nullable=False),
        sa.Column("report_number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("catalogue", sa.Text(), nullable=False),
        sa.Column("routing", sa.Text(), nullable=False),
        sa.Column("accept_limit", sa.Text(), nullable=False),
        sa.Column("accept_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accept_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolve_limit", sa.Text(), nullable=False),
        sa.Column("resolve_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolve_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("reworks", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="work_orders_pkey"),
        sa.UniqueConstraint("number", name="work_orders_number_key"),
        sa.UniqueConstraint("report_id", name="work_orders_report_id_key"),
        schema="dispatch",
    )
    op.create_index("work_orders_area", "work_orders", ["area", "due_at", "id"], schema="dispatch")
    op.create_index(
        "work_orders_inbox",
        "work_orders",
        ["lead_unit", "due_at", "id"],
        schema="dispatch",
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("work_orders_lead", "work_orders", ["lead_unit", "opened_at"], schema="dispatch")


def downgrade() -> None:
    for table in ("work_orders", "catalogues", "units_revision", "units", "trail", "processed_events", "outbox"):
        op.drop_table(table, schema="dispatch")
    op.execute("DROP FUNCTION dispatch.refuse_trail_edit()")
