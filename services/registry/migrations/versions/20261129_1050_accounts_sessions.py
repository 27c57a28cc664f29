"""Accounts with their sessions, links and failures, and sessions that ended before their tokens did."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db.first_tables import create_ended_sessions

revision = "20261129_1050_accounts_sessions"
down_revision = "20261129_1045_proposals_first"


def upgrade() -> None:
    create_ended_sessions("registry")
    op.create_table(
        "accounts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="accounts_pkey"),
        sa.UniqueConstraint("person", name="accounts_person_key"),
        sa.UniqueConstraint("user", name="accounts_user_key"),
        sa.UniqueConstraint("phone", name="accounts_phone_key"),
        schema="registry",
    )
    op.create_index("accounts_unit", "accounts", ["unit"], schema="registry")
    op.create_table(
        "sessions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account", sa.UUID(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("secret", postgresql.BYTEA(), nullable=False),
        sa.Column("post", sa.UUID(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="sessions_pkey"),
        sa.UniqueConstraint("secret", name="sessions_secret_key"),
        schema="registry",
    )
    op.create_index("sessions_account", "sessions", ["account"], schema="registry")
    op.create_table(
        "sign_in_links",
        sa.Column("secret", postgresql.BYTEA(), nullable=False),
        sa.Column("account", sa.UUID(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("secret", name="sign_in_links_pkey"),
        schema="registry",
    )
    op.create_index("sign_in_links_account", "sign_in_links", ["account"], schema="registry")
    op.create_table(
        "sign_in_failures",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name="sign_in_failures_pkey"),
        schema="registry",
    )


def downgrade() -> None:
    for table in ("sign_in_failures", "sign_in_links", "sessions", "accounts", "ended_sessions"):
        op.drop_table(table, schema="registry")
