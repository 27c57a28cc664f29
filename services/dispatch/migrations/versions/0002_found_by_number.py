"""Work orders are found by their last six digits and by their report's number."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("work_orders_last_six", "work_orders", [sa.text("right(number, 6)")], schema="dispatch")
    op.create_index("work_orders_report_number", "work_orders", ["report_number"], schema="dispatch")


def downgrade() -> None:
    op.drop_index("work_orders_report_number", "work_orders", schema="dispatch")
    op.drop_index("work_orders_last_six", "work_orders", schema="dispatch")
