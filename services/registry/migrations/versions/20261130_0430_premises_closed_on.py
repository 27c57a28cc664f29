"""Weekdays on which premises stay closed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261130_0430_premises_closed_on"
down_revision = "20261130_0420_hazards_body_hash"


def upgrade() -> None:
    for table in ("premises", "premises_versions"):
        closed_on = sa.Column("closed_on", ARRAY(sa.Integer()), nullable=False, server_default="{}")
        op.add_column(table, closed_on, schema="registry")
        op.alter_column(table, "closed_on", server_default=None, schema="registry")


def downgrade() -> None:
    for table in ("premises", "premises_versions"):
        op.drop_column(table, "closed_on", schema="registry")
