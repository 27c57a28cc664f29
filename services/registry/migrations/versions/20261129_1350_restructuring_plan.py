"""Restructurings: plans, and who succeeds whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.db.first_tables import create_successions

revision = "20261129_1350_restructuring_plan"
down_revision = "20261129_1330_hazards_first"


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("restructuring_serials", schema="registry")))
    op.create_table(
        "restructurings",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("steps", JSONB(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("concerned", ARRAY(sa.Text()), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("drafted_in", sa.Text(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", JSONB(), nullable=True),
        sa.Column("result", JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="restructurings_pkey"),
        sa.UniqueConstraint("number", name="restructurings_number_key"),
        schema="registry",
    )
    due = sa.text("state = 'approved'")
    op.create_index(
        "restructurings_due", "restructurings", ["effective_from", "id"], schema="registry", postgresql_where=due
    )
    create_successions("registry")


def downgrade() -> None:
    op.drop_table("successions", schema="registry")
    op.drop_table("restructurings", schema="registry")
    op.execute(sa.schema.DropSequence(sa.Sequence("restructuring_serials", schema="registry")))
