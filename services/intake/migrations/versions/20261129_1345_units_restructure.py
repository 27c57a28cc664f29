"""Restructurings are seen at once, and what units owned goes to their successors."""

import sqlalchemy as sa
from alembic import op

from shared.db.first_tables import create_restructurings, drop_restructurings

revision = "20261129_1345_units_restructure"
down_revision = "20261129_1330_reports_hazards"


def upgrade() -> None:
    create_restructurings("intake", boundaries=True)
    there = sa.text("status NOT IN ('closed', 'rejected')")
    op.create_index("reports_open_place", "reports", ["place_unit"], schema="intake", postgresql_where=there)
    op.create_index("reports_open_home", "reports", ["home"], schema="intake", postgresql_where=there)


def downgrade() -> None:
    op.drop_index("reports_open_home", "reports", schema="intake")
    op.drop_index("reports_open_place", "reports", schema="intake")
    drop_restructurings("intake")
