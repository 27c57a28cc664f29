"""Premises are found by the pinyin of their names and its initials."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_2350_premises_spelled"
down_revision = "20261129_2050_hazards_calendar"


def upgrade() -> None:
    for table in ("premises", "premises_versions"):
        # What is there already is spelled with its next version.
        op.add_column(table, sa.Column("spelled", sa.Text(), nullable=False, server_default=""), schema="registry")
        op.alter_column(table, "spelled", server_default=None, schema="registry")


def downgrade() -> None:
    for table in ("premises", "premises_versions"):
        op.drop_column(table, "spelled", schema="registry")
