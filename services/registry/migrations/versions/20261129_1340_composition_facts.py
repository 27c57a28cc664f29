"""What is known of people, encrypted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_1340_composition_facts"
down_revision = "20261129_1330_availability_first"


def upgrade() -> None:
    op.create_table(
        "person_facts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("sealed", postgresql.BYTEA(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="person_facts_pkey"),
        sa.UniqueConstraint("person", name="person_facts_person_key"),
        schema="registry",
    )


def downgrade() -> None:
    op.drop_table("person_facts", schema="registry")
