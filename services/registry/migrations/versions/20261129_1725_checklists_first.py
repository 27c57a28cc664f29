"""Checklists are kept: drafted, and published version by version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261129_1725_checklists_first"
down_revision = "20261129_1718_duties_calendar"


def upgrade() -> None:
    op.create_table(
        "checklists",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("draft", JSONB(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="checklists_pkey"),
        sa.UniqueConstraint("code", name="checklists_code_key"),
        schema="registry",
    )
    op.create_table(
        "checklist_versions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("contents", JSONB(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name="checklist_versions_pkey"),
        schema="registry",
    )


def downgrade() -> None:
    op.drop_table("checklist_versions", schema="registry")
    op.drop_table("checklists", schema="registry")
