"""Inspections."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA, JSONB, UUID

revision = "20261129_1400_inspections_first"
down_revision = "20261129_1350_restructuring_plan"


def upgrade() -> None:
    op.execute("CREATE SEQUENCE registry.inspection_serials")
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "inspections",
        sa.Column("id", UUID(as_uuid=True), primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("client_key", sa.Text, nullable=False),
        sa.Column("body_hash", BYTEA, nullable=False),
        sa.Column("premises_id", UUID(as_uuid=True)),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("street", sa.Text, nullable=False),
        sa.Column("category", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("checklist", sa.Text, nullable=False),
        sa.Column("checklist_version", sa.Integer, nullable=False),
        sa.Column("told_at", instant, nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("doubtful", sa.Boolean, nullable=False),
        sa.Column("at_night", sa.Boolean, nullable=False),
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("findings", JSONB, nullable=False),
        sa.Column("results", JSONB, nullable=False),
        sa.Column("failed", sa.Boolean, nullable=False),
        sa.Column("companions", sa.Text, nullable=False),
        sa.Column("inspected_person", sa.Text, nullable=False),
        sa.Column("unsigned_why", sa.Text, nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("inspector", sa.Text, nullable=False),
        sa.Column("by_unit", sa.Text),
        sa.Column("sent_at", instant, nullable=False),
        sa.Column("imported", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("caller", "client_key"),
        schema="registry",
    )
    newest = sa.text("made_at DESC")
    op.create_index("inspections_newest", "inspections", [newest, "id"], schema="registry")
    op.create_index("inspections_street", "inspections", ["street", newest, "id"], schema="registry")
    op.create_index(
        "inspections_premises",
        "inspections",
        ["premises_id", newest],
        schema="registry",
        postgresql_where=sa.text("premises_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("inspections", schema="registry")
    op.execute("DROP SEQUENCE registry.inspection_serials")
