"""Reports: how far a point may be off, and which times a wrong clock told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_1020_reports_doubts"
down_revision = "20261129_1010_feedback_follow"


def upgrade() -> None:
    op.add_column("reports", sa.Column("point_radius", sa.Double(), nullable=True), schema="intake")
    doubtful = sa.Column("doubtful_times", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}")
    op.add_column("reports", doubtful, schema="intake")
    op.alter_column("reports", "doubtful_times", server_default=None, schema="intake")


def downgrade() -> None:
    op.drop_column("reports", "doubtful_times", schema="intake")
    op.drop_column("reports", "point_radius", schema="intake")
