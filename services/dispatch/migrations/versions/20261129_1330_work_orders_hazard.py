"""The hazard among a work order's sources, and how far it was followed."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1330_work_orders_hazard"
down_revision = "20261129_1330_work_orders_joined"


def upgrade() -> None:
    op.add_column("work_orders", sa.Column("hazard_id", sa.UUID(), nullable=True), schema="dispatch")
    op.create_unique_constraint("work_orders_hazard_id_key", "work_orders", ["hazard_id"], schema="dispatch")
    version = sa.Column("hazard_version", sa.Integer(), nullable=False, server_default=sa.text("0"))
    op.add_column("work_orders", version, schema="dispatch")
    op.alter_column("work_orders", "hazard_version", server_default=None, schema="dispatch")


def downgrade() -> None:
    for name in ("hazard_version", "hazard_id"):
        op.drop_column("work_orders", name, schema="dispatch")
