"""Clocks are found by the number of their thing."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1055_clocks_number"
down_revision = "20261129_1030_clocks_steps"


def upgrade() -> None:
    op.create_index("clocks_last_six", "clocks", [sa.text("right(number, 6)")], schema="supervision")


def downgrade() -> None:
    op.drop_index("clocks_last_six", "clocks", schema="supervision")
