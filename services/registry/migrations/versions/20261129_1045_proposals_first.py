"""Proposals: changes of units that draw others' work."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "20261129_1045_proposals_first"
down_revision = "20261129_1030_units_names"


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("changes", JSONB(), nullable=False),
        sa.Column("concerned", ARRAY(sa.Text()), nullable=False),
        sa.Column("decided_in", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_in", sa.Text(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="proposals_pkey"),
        schema="registry",
    )
    op.create_index("proposals_state", "proposals", ["state", "id"], schema="registry")


def downgrade() -> None:
    op.drop_table("proposals", schema="registry")
