"""Entries in the files of premises."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_1055_premises_file"
down_revision = "20261129_1050_accounts_sessions"


def upgrade() -> None:
    op.create_table(
        "file_entries",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("premises_id", sa.UUID(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("struck_out_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="file_entries_pkey"),
        schema="registry",
    )
    op.create_index("file_entries_premises", "file_entries", ["premises_id", "item"], schema="registry")
    op.create_index(
        "file_entries_due", "file_entries", ["due_on", "id"], schema="registry",
        postgresql_where=sa.text("due_on IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("file_entries", schema="registry")
