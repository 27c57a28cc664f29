"""Reports, the units projection, and the builder."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db.first_tables import create_service_tables, create_units_projection

revision = "20261129_0800_reports_start"
down_revision = None


def upgrade() -> None:
    create_service_tables("intake")
    create_units_projection("intake", boundaries=True)
    op.execute(sa.schema.CreateSequence(sa.Sequence("report_serial", schema="intake")))
    op.create_table(
        "reports",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.Column("body_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("reporter", postgresql.BYTEA(), nullable=True),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told_category", sa.Text(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("declared_point", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place_unit", sa.Text(), nullable=True),
        sa.Column("place_method", sa.Text(), nullable=True),
        sa.Column("place_confidence", sa.Double(), nullable=True),
        sa.Column("category_name", sa.Text(), nullable=True),
        sa.Column("category_confidence", sa.Double(), nullable=True),
        sa.Column("category_model", sa.Text(), nullable=True),
        sa.Column("review_reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("triaged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("work_order", sa.Text(), nullable=True),
        sa.Column("work_order_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="reports_pkey"),
        sa.UniqueConstraint("caller", "client_key", name="reports_caller_client_key_key"),
        sa.UniqueConstraint("number", name="reports_number_key"),
        schema="intake",
    )
    op.create_index("reports_last_six", "reports", [sa.text("right(number, 6)")], schema="intake")
    op.create_index(
        "reports_review",
        "reports",
        ["street", "submitted_at", "id"],
        schema="intake",
        postgresql_where=sa.text("status = 'needs_review'"),
    )
    op.create_index("reports_street", "reports", ["street", "submitted_at", "id"], schema="intake")


def downgrade() -> None:
    for table in ("reports", "units_revision", "units", "trail", "processed_events", "outbox"):
        op.drop_table(table, schema="intake")
    op.execute(sa.schema.DropSequence(sa.Sequence("report_serial", schema="intake")))
    op.execute("DROP FUNCTION intake.refuse_trail_edit()")
