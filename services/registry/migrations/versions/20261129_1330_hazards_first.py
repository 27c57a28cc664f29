"""Hazards, and the running part of their numbers."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_1330_hazards_first"
down_revision = "20261129_1340_meetings_first"


def _limit(name: str) -> Iterator[sa.Column[Any]]:
    for what in ("unit", "limit", "state"):
        yield sa.Column(f"{name}_{what}", sa.Text(), nullable=True)
    for what in ("started_at", "warn_at", "due_at", "suspended_at", "ended_at"):
        yield sa.Column(f"{name}_{what}", sa.DateTime(timezone=True), nullable=True)


def upgrade() -> None:
    op.create_table(
        "hazard_serials",
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("street", "day", name="hazard_serials_pkey"),
        schema="registry",
    )
    op.create_table(
        "hazards",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("premises_id", sa.UUID(), nullable=True),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.UUID(), nullable=True),
        sa.Column("source_number", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("criteria", postgresql.JSONB(), nullable=True),
        sa.Column("found_by", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        *_limit("rectify"),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_limit("recheck"),
        *_limit("decide"),
        sa.Column("sheet", postgresql.JSONB(), nullable=True),
        sa.Column("asked", postgresql.JSONB(), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("rectified_by", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("failed_why", sa.Text(), nullable=True),
        sa.Column("failed_version", sa.Integer(), nullable=False),
        sa.Column("transferred_to", sa.Text(), nullable=True),
        sa.Column("rechecks", sa.Integer(), nullable=False),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("reported_to", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("listed_until", sa.Date(), nullable=True),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("order_version", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="hazards_pkey"),
        sa.UniqueConstraint("number", name="hazards_number_key"),
        sa.UniqueConstraint("origin", name="hazards_origin_key"),
        schema="registry",
    )
    newest = sa.text("found_at DESC")
    op.create_index("hazards_place", "hazards", ["street", "unit", newest, "id"], schema="registry")
    op.create_index("hazards_newest", "hazards", [newest, "id"], schema="registry")
    op.create_index("hazards_last_six", "hazards", [sa.text("right(number, 6)")], schema="registry")
    op.create_index(
        "hazards_due", "hazards", ["street", "due_at", "id"], schema="registry",
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "hazards_of_premises", "hazards", ["premises_id", "found_at"], schema="registry",
        postgresql_where=sa.text("premises_id IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("hazards", schema="registry")
    op.drop_table("hazard_serials", schema="registry")
