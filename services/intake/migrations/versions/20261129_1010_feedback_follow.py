"""Reports can be followed, rated and opened again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_1010_feedback_follow"
down_revision = "20261129_1010_sessions_ended"


def upgrade() -> None:
    op.add_column("reports", sa.Column("follow_code", postgresql.BYTEA(), nullable=True), schema="intake")
    op.add_column("reports", sa.Column("closings", sa.Integer(), server_default="0", nullable=False), schema="intake")
    op.alter_column("reports", "closings", server_default=None, schema="intake")
    op.add_column("reports", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True), schema="intake")
    op.create_table(
        "progress",
        sa.Column("report_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("accept_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolve_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("report_id", name="progress_pkey"),
        schema="intake",
    )
    op.create_table(
        "ratings",
        sa.Column("report_id", sa.UUID(), nullable=False),
        sa.Column("closing", sa.Integer(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("contacted", sa.Boolean(), nullable=False),
        sa.Column("solved", sa.Text(), nullable=False),
        sa.Column("satisfied", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("rated_by", sa.Text(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "closing", name="ratings_pkey"),
        schema="intake",
    )
    op.create_index("ratings_street", "ratings", ["street", "rated_at"], schema="intake")


def downgrade() -> None:
    op.drop_table("ratings", schema="intake")
    op.drop_table("progress", schema="intake")
    for column in ("closed_at", "closings", "follow_code"):
        op.drop_column("reports", column, schema="intake")
