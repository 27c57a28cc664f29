"""How far other services have told everything is kept here too."""

from alembic import op

from shared.db.first_tables import create_told

revision = "20261130_0410_dispatch_told"
down_revision = "20261129_2050_orders_calendar"


def upgrade() -> None:
    create_told("dispatch")


def downgrade() -> None:
    op.drop_table("told", schema="dispatch")
