"""Final summaries of units, one for each period."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_1420_summary_first"
down_revision = "20261129_1400_inspections_first"


def upgrade() -> None:
    op.create_table(
        "summaries",
        sa.Column("id", sa.UUID(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("unit", "period", "length")),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("first", "last")),
        sa.Column("numbers", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="summaries_pkey"),
        sa.UniqueConstraint("unit", "period", name="summaries_unit_period_key"),
        schema="registry",
    )
    op.create_index("summaries_period", "summaries", ["length", "first"], schema="registry")


def downgrade() -> None:
    op.drop_table("summaries", schema="registry")
