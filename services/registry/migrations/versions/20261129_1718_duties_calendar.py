"""By which calendar the plans were applied: another one may move open runs."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1718_duties_calendar"
down_revision = "20261129_1715_files_documents"


def upgrade() -> None:
    op.add_column("duty_bearers", sa.Column("calendar", sa.Text(), nullable=True), schema="registry")


def downgrade() -> None:
    op.drop_column("duty_bearers", "calendar", schema="registry")
