"""The table of work orders."""

import sqlalchemy as sa

from services.dispatch.schema import metadata
from services.dispatch.work_orders.work_order import WorkOrder
from shared.db.columns import columns_of
from shared.units.scope import placed_by

work_orders = sa.Table(
    "work_orders",
    metadata,
    *columns_of(WorkOrder, flat=("place",), prefixed=("accept", "resolve")),
    # The natural key that makes a second work order for a report impossible, whatever is delivered twice.
    sa.Column("source_kind", sa.Text, nullable=False),
    sa.Column("source_id", sa.Uuid, nullable=False),
    # The hazard among its sources: two work orders for one hazard are impossible.
    sa.Column("hazard_id", sa.Uuid, unique=True),
    sa.Column("hazard_number", sa.Text),
    # What is due next (WorkOrder.due_at); null when nothing is. The inbox is sorted by it.
    sa.Column("due_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("number"),
    sa.UniqueConstraint("source_kind", "source_id"),
    # A department above the streets leads work orders in many of them: its inbox begins with itself.
    sa.Index("work_orders_inbox", "lead_unit", "due_at", "id", postgresql_where=sa.text("due_at IS NOT NULL")),
    sa.Index("work_orders_street", "street", "due_at", "id", postgresql_where=sa.text("due_at IS NOT NULL")),
    sa.Index("work_orders_area", "area", "opened_at", "id"),
    sa.Index("work_orders_newest", sa.text("opened_at DESC"), "id"),
    sa.Index("work_orders_board", "street", "closed_at"),
    sa.Index("work_orders_lead", "lead_unit", "state"),
    sa.Index("work_orders_asked", "street", "id", postgresql_where=sa.text("asked IS NOT NULL")),
    sa.Index("work_orders_last_six", sa.text("right(number, 6)")),
    sa.Index(
        "work_orders_hazard_last_six",
        sa.text("right(hazard_number, 6)"),
        postgresql_where=sa.text("hazard_number IS NOT NULL"),
    ),
    info=placed_by("lead_unit", "area"),
)
