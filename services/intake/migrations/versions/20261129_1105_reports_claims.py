"""Reports: who of the desk looks at one; open ones near a point; one's own."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1105_reports_claims"
down_revision = "20261129_1100_reports_serials"


def upgrade() -> None:
    op.add_column("reports", sa.Column("claimed_by", sa.Text(), nullable=True), schema="intake")
    op.add_column("reports", sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True), schema="intake")
    op.create_index(
        "reports_points",
        "reports",
        ["latitude", "longitude"],
        schema="intake",
        postgresql_where=sa.text("latitude IS NOT NULL"),
    )
    op.create_index("reports_by_caller", "reports", ["caller", "submitted_at", "id"], schema="intake")


def downgrade() -> None:
    op.drop_index("reports_by_caller", "reports", schema="intake")
    op.drop_index("reports_points", "reports", schema="intake")
    op.drop_column("reports", "claimed_until", schema="intake")
    op.drop_column("reports", "claimed_by", schema="intake")
