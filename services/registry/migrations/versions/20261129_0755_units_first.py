"""Units with their history, posts, and what every service has."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db.first_tables import create_service_tables

revision = "20261129_0755_units_first"
down_revision = None


def upgrade() -> None:
    create_service_tables("registry")
    op.create_table(
        "units",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        *_unit_version(),
        sa.Column("bounds", postgresql.ARRAY(sa.Float(53)), nullable=True),
        sa.PrimaryKeyConstraint("id", name="units_pkey"),
        sa.UniqueConstraint("code", name="units_code_key"),
        schema="registry",
    )
    op.create_index("units_parent", "units", ["parent"], schema="registry")
    op.create_index("units_kind", "units", ["kind", "code"], schema="registry")
    op.create_table(
        "unit_versions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        *_unit_version(),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name="unit_versions_pkey"),
        schema="registry",
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="posts_pkey"),
        schema="registry",
    )
    op.create_index("posts_unit", "posts", ["unit", "role"], schema="registry")
    op.create_index("posts_person", "posts", ["person"], schema="registry")


def downgrade() -> None:
    for table in ("posts", "unit_versions", "units", "trail", "processed_events", "outbox"):
        op.drop_table(table, schema="registry")
    op.execute("DROP FUNCTION registry.refuse_trail_edit()")


def _unit_version() -> "Iterator[sa.Column[Any]]":
    yield sa.Column("kind", sa.Text(), nullable=False)
    yield sa.Column("name", sa.Text(), nullable=False)
    yield sa.Column("valid_from", sa.Date(), nullable=False)
    yield sa.Column("parent", sa.Text(), nullable=True)
    yield sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False)
    yield sa.Column("boundary", postgresql.JSONB(), nullable=True)
    yield sa.Column("households", sa.Integer(), nullable=True)
    yield sa.Column("residents", sa.Integer(), nullable=True)
    yield sa.Column("functions", postgresql.ARRAY(sa.Text()), nullable=False)
    yield sa.Column("serves", postgresql.ARRAY(sa.Text()), nullable=False)
    yield sa.Column("valid_to", sa.Date(), nullable=True)
    yield sa.Column("effective_from", sa.Date(), nullable=False)
    yield sa.Column("version", sa.Integer(), nullable=False)
