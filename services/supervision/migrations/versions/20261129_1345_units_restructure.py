"""Restructurings are seen at once, and what units owned goes to their successors."""

from shared.db.first_tables import create_restructurings, drop_restructurings

revision = "20261129_1345_units_restructure"
down_revision = "20261129_1055_trail_watchable"


def upgrade() -> None:
    create_restructurings("supervision")


def downgrade() -> None:
    drop_restructurings("supervision")
