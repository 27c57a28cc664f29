"""Work orders follow their report: how far, how often it was opened again; and an index for the board."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1040_work_orders_follow"
down_revision = "20261129_1010_sessions_ended"


def upgrade() -> None:
    table = {"table_name": "work_orders", "schema": "dispatch"}
    op.add_column(column=sa.Column("source_version", sa.Integer(), nullable=False, server_default="0"), **table)
    op.add_column(column=sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"), **table)
    op.add_column(column=sa.Column("reopened_why", sa.Text(), nullable=True), **table)
    for name in ("source_version", "reopened"):
        op.alter_column(column_name=name, server_default=None, **table)
    op.create_index("work_orders_board", "work_orders", ["street", "closed_at"], schema="dispatch")
    op.create_index("work_orders_newest", "work_orders", [sa.text("opened_at DESC"), "id"], schema="dispatch")


def downgrade() -> None:
    for name in ("work_orders_newest", "work_orders_board"):
        op.drop_index(name, table_name="work_orders", schema="dispatch")
    for name in ("reopened_why", "reopened", "source_version"):
        op.drop_column("work_orders", name, schema="dispatch")
