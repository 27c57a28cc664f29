"""Work orders know how many others reported the same, how doubtful their point is, when an exception ends, and how it looks now."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

revision = "20261129_1330_work_orders_joined"
down_revision = "20261129_1100_work_orders_leads"


def upgrade() -> None:
    joined = sa.Column("joined", sa.Integer(), nullable=False, server_default="0")
    op.add_column("work_orders", joined, schema="dispatch")
    op.alter_column("work_orders", "joined", server_default=None, schema="dispatch")
    op.add_column("work_orders", sa.Column("point_radius", sa.Double(), nullable=True), schema="dispatch")
    until = sa.Column("exception_until", sa.DateTime(timezone=True), nullable=True)
    op.add_column("work_orders", until, schema="dispatch")
    photos = sa.Column("result_photos", ARRAY(UUID(as_uuid=True)), nullable=False, server_default="{}")
    op.add_column("work_orders", photos, schema="dispatch")
    op.alter_column("work_orders", "result_photos", server_default=None, schema="dispatch")


def downgrade() -> None:
    for name in ("result_photos", "exception_until", "point_radius", "joined"):
        op.drop_column("work_orders", name, schema="dispatch")
