"""An index for the newest reports of all streets: the board looks for them."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1042_reports_newest"
down_revision = "20261129_1020_reports_doubts"


def upgrade() -> None:
    op.create_index("reports_newest", "reports", [sa.text("submitted_at DESC"), "id"], schema="intake")


def downgrade() -> None:
    op.drop_index("reports_newest", table_name="reports", schema="intake")
