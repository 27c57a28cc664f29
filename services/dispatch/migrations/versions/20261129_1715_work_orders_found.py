"""The number of the hazard among a work order's sources, by which people look for it."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1715_work_orders_found"
down_revision = "20261129_1345_units_restructure"


def upgrade() -> None:
    op.add_column("work_orders", sa.Column("hazard_number", sa.Text(), nullable=True), schema="dispatch")
    op.execute(
        """UPDATE dispatch.work_orders SET hazard_number = (
            SELECT source->>'number' FROM jsonb_array_elements(sources) AS source WHERE source->>'kind' = 'hazard' LIMIT 1
        ) WHERE hazard_id IS NOT NULL"""
    )
    op.create_index(
        "work_orders_hazard_last_six",
        "work_orders",
        [sa.text("right(hazard_number, 6)")],
        postgresql_where=sa.text("hazard_number IS NOT NULL"),
        schema="dispatch",
    )


def downgrade() -> None:
    op.drop_index("work_orders_hazard_last_six", "work_orders", schema="dispatch")
    op.drop_column("work_orders", "hazard_number", schema="dispatch")
