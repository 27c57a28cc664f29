"""The tables of meetings, and of what became of their resolutions in dispatch."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from services.registry.meetings.meeting import Meeting
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

serials = sa.Sequence("meetings_serials", metadata=metadata)
"""The running part of the meetings' numbers."""

resolution_serials = sa.Sequence("resolutions_serials", metadata=metadata)
"""The running part of the resolutions' numbers, by whose last six digits their work orders are found."""

meetings = sa.Table(
    "meetings",
    metadata,
    *columns_of(Meeting, flat=("call", "record")),
    # The units that must see to something.
    sa.Column("leads", ARRAY(sa.Text), nullable=False),
    sa.UniqueConstraint("number"),
    sa.Index("meetings_street", "street", "starts_at", "id"),
    info=placed_by("unit", "invited", "leads"),
)

resolution_orders = sa.Table(
    "resolution_orders",
    metadata,
    sa.Column("resolution_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("meeting_id", UUID(as_uuid=True), nullable=False, index=True),
    # Of its work order, as dispatch told it last; null until it was opened.
    sa.Column("work_order_id", UUID(as_uuid=True)),
    sa.Column("number", sa.Text),
    sa.Column("lead_unit", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("due_at", sa.DateTime(timezone=True)),
    sa.Column("result", sa.Text),
    # The work order's version that this row shows: an older one that comes late changes nothing.
    sa.Column("version", sa.Integer, nullable=False),
)
