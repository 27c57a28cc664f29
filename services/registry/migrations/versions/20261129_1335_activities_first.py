"""Activities: trainings, publicity and drills."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "20261129_1335_activities_first"
down_revision = "20261129_1330_duties_first"

_SERIALS = sa.Sequence("activities_serials", schema="registry")


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(_SERIALS))
    op.create_table(
        "activities",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("premises_id", sa.UUID(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("details", JSONB(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("departments", ARRAY(sa.Text()), nullable=True),
        sa.Column("results", JSONB(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="activities_pkey"),
        sa.UniqueConstraint("number", name="activities_number_key"),
        sa.UniqueConstraint("key", name="activities_key_key"),
        schema="registry",
    )
    op.create_index("activities_place", "activities", ["street", "starts_at", "id"], schema="registry")
    op.create_index(
        "activities_premises", "activities", ["premises_id"], schema="registry",
        postgresql_where=sa.text("premises_id IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("activities", schema="registry")
    op.execute(sa.schema.DropSequence(_SERIALS))
