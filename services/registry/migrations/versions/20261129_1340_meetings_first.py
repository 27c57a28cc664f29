"""Joint meetings, and what became of their resolutions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "20261129_1340_meetings_first"
down_revision = "20261129_1335_activities_first"

_SERIALS = [sa.Sequence(name, schema="registry") for name in ("meetings_serials", "resolutions_serials")]


def upgrade() -> None:
    for serials in _SERIALS:
        op.execute(sa.schema.CreateSequence(serials))
    op.create_table(
        "meetings",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("chair", sa.Text(), nullable=False),
        sa.Column("agenda", ARRAY(sa.Text()), nullable=False),
        sa.Column("invited", ARRAY(sa.Text()), nullable=False),
        sa.Column("attendance", JSONB(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column("resolutions", JSONB(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("addenda", JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("leads", ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name="meetings_pkey"),
        sa.UniqueConstraint("number", name="meetings_number_key"),
        schema="registry",
    )
    op.create_index("meetings_street", "meetings", ["street", "starts_at", "id"], schema="registry")
    op.create_table(
        "resolution_orders",
        sa.Column("resolution_id", sa.UUID(), nullable=False),
        sa.Column("meeting_id", sa.UUID(), nullable=False),
        sa.Column("work_order_id", sa.UUID(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("lead_unit", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("resolution_id", name="resolution_orders_pkey"),
        schema="registry",
    )
    op.create_index("resolution_orders_meeting_id", "resolution_orders", ["meeting_id"], schema="registry")


def downgrade() -> None:
    op.drop_table("resolution_orders", schema="registry")
    op.drop_table("meetings", schema="registry")
    for serials in _SERIALS:
        op.execute(sa.schema.DropSequence(serials))
