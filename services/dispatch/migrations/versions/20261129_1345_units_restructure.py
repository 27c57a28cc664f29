"""Restructurings are seen at once, and what units owned goes to their successors."""

from shared.db.first_tables import create_restructurings, drop_restructurings

revision = "20261129_1345_units_restructure"
down_revision = "20261129_1330_work_orders_hazard"


def upgrade() -> None:
    create_restructurings("dispatch")


def downgrade() -> None:
    drop_restructurings("dispatch")
