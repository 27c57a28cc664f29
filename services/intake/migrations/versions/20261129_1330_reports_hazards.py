"""The hazard that a report was made."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1330_reports_hazards"
down_revision = "20261129_1330_reports_joined"


def upgrade() -> None:
    op.add_column("reports", sa.Column("hazard_id", sa.UUID(), nullable=True), schema="intake")


def downgrade() -> None:
    op.drop_column("reports", "hazard_id", schema="intake")
