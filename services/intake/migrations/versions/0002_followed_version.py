"""Which version of its work order a report has followed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "reports",
        sa.Column("work_order_version", sa.Integer(), nullable=False, server_default="0"),
        schema="intake",
    )


def downgrade() -> None:
    op.drop_column("reports", "work_order_version", schema="intake")
