"""Numbers run per street and day, without gaps."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1100_reports_serials"
down_revision = "20261129_1055_trail_watchable"


def upgrade() -> None:
    op.create_table(
        "report_serials",
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("street", "day", name="report_serials_pkey"),
        schema="intake",
    )
    op.execute(sa.schema.DropSequence(sa.Sequence("report_serial", schema="intake")))


def downgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("report_serial", schema="intake")))
    op.drop_table("report_serials", schema="intake")
