"""Premises with their files' numbers."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1000_premises_first"
down_revision = "20261129_0755_units_first"


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("premises_serials", schema="registry")))
    op.create_table(
        "premises",
        sa.Column("id", sa.UUID(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("number", "street", "name", "category", "unit")),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("key_unit", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("use", "small_kind", "credit_code")),
        sa.Column("longitude", sa.Float(53), nullable=True),
        sa.Column("latitude", sa.Float(53), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("floor_area", sa.Float(53), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("floors_above", "floors_below", "people")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("opens", "closes", "responsible")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("responsible_phone", "manager", "manager_phone")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="premises_pkey"),
        sa.UniqueConstraint("number", name="premises_number_key"),
        sa.UniqueConstraint("key", name="premises_key_key"),
        schema="registry",
    )
    op.create_index("premises_place", "premises", ["street", "unit", "number"], schema="registry")
    op.create_index(
        "premises_credit_code", "premises", ["credit_code"], schema="registry",
        postgresql_where=sa.text("credit_code <> ''"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("premises", schema="registry")
    op.execute(sa.schema.DropSequence(sa.Sequence("premises_serials", schema="registry")))
