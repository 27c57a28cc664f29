"""Which function a work order needs, whether its lead holds it, and whether its check needs a photo."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1100_work_orders_leads"
down_revision = "20261129_1055_trail_watchable"

_COLUMNS = {
    "function": (sa.Text(), "''"),
    "function_held": (sa.Boolean(), "true"),
    "check_photo": (sa.Boolean(), "false"),
}


def upgrade() -> None:
    for name, (kind, default) in _COLUMNS.items():
        column = sa.Column(name, kind, nullable=False, server_default=sa.text(default))
        op.add_column("work_orders", column, schema="dispatch")
        op.alter_column("work_orders", name, server_default=None, schema="dispatch")


def downgrade() -> None:
    for name in _COLUMNS:
        op.drop_column("work_orders", name, schema="dispatch")
