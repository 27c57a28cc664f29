"""By which working calendar open limits were measured, and how far the next one was applied."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_2050_hazards_calendar"
down_revision = "20261129_1725_checklists_first"


def upgrade() -> None:
    op.create_table(
        "measured_by",
        sa.Column("only", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("calendar", postgresql.JSONB(), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("only", name="measured_by_pkey"),
        schema="registry",
    )


def downgrade() -> None:
    op.drop_table("measured_by", schema="registry")
