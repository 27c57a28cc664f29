"""The tables of accounts: the accounts, their sessions, links that sign in once, and who fails from which address."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, UUID

from services.registry.schema import metadata
from shared.units.scope import placed_by

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("person", sa.Text, nullable=False, unique=True),
    sa.Column("user", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, index=True),
    sa.Column("phone", sa.Text, unique=True),
    sa.Column("password", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("paused_until", sa.DateTime(timezone=True)),
    sa.Column("version", sa.Integer, nullable=False),
    info=placed_by("unit"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("account", UUID(as_uuid=True), nullable=False, index=True),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("secret", BYTEA, nullable=False, unique=True),
    sa.Column("post", UUID(as_uuid=True)),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
)

sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    sa.Column("secret", BYTEA, primary_key=True),
    sa.Column("account", UUID(as_uuid=True), nullable=False, index=True),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
)

sign_in_failures = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("since", sa.DateTime(timezone=True), nullable=False),
)
