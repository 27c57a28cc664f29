"""An activity keeps the unit that it was planned in when a restructuring moves it."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1710_activities_planned"
down_revision = "20261129_1752_hazards_photos"


def upgrade() -> None:
    op.add_column("activities", sa.Column("planned_in", sa.Text(), nullable=True), schema="registry")
    op.execute("UPDATE registry.activities SET planned_in = unit")
    op.alter_column("activities", "planned_in", nullable=False, schema="registry")


def downgrade() -> None:
    op.drop_column("activities", "planned_in", schema="registry")
