"""Which photos at intake show the report that a hazard was made of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261129_1752_hazards_photos"
down_revision = "20261129_1720_posts_premises"


def upgrade() -> None:
    photos = sa.Column("report_photos", ARRAY(sa.UUID()), nullable=False, server_default=sa.text("'{}'"))
    op.add_column("hazards", photos, schema="registry")
    op.alter_column("hazards", "report_photos", server_default=None, schema="registry")


def downgrade() -> None:
    op.drop_column("hazards", "report_photos", schema="registry")
