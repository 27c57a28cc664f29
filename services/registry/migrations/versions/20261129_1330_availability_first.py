"""Leave and shifts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_1330_availability_first"
down_revision = "20261129_1330_premises_history"


def upgrade() -> None:
    op.create_table(
        "leave",
        sa.Column("id", sa.UUID(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("person", "unit")),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("starts_at", "ends_at")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "reason", "state", "asked_by")),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="leave_pkey"),
        schema="registry",
    )
    op.create_index("leave_person", "leave", ["person", "ends_at"], schema="registry")
    op.create_index("leave_unit", "leave", ["unit", "starts_at"], schema="registry")
    op.create_table(
        "shifts",
        sa.Column("id", sa.UUID(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("unit", "role")),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("weekdays", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.Date()), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("begins", "ends")),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="shifts_pkey"),
        schema="registry",
    )
    op.create_index("shifts_unit", "shifts", ["unit", "role"], schema="registry")


def downgrade() -> None:
    op.drop_table("shifts", schema="registry")
    op.drop_table("leave", schema="registry")
