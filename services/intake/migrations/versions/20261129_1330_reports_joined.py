"""Reports that say the same as another one: which, and how many. What could not be read of a
report, as it was told. The photos of a result."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

revision = "20261129_1330_reports_joined"
down_revision = "20261129_1105_reports_claims"


def upgrade() -> None:
    joined = sa.Column("joined", sa.Integer(), nullable=False, server_default="0")
    op.add_column("reports", joined, schema="intake")
    op.alter_column("reports", "joined", server_default=None, schema="intake")
    op.add_column("reports", sa.Column("same_as_id", UUID(as_uuid=True), nullable=True), schema="intake")
    op.add_column("reports", sa.Column("same_as_number", sa.Text(), nullable=True), schema="intake")
    unread = sa.Column("unread", JSONB(), nullable=False, server_default="{}")
    op.add_column("reports", unread, schema="intake")
    op.alter_column("reports", "unread", server_default=None, schema="intake")
    photos = sa.Column("photos", ARRAY(UUID(as_uuid=True)), nullable=False, server_default="{}")
    op.add_column("progress", photos, schema="intake")
    op.alter_column("progress", "photos", server_default=None, schema="intake")


def downgrade() -> None:
    op.drop_column("progress", "photos", schema="intake")
    for name in ("unread", "same_as_number", "same_as_id", "joined"):
        op.drop_column("reports", name, schema="intake")
