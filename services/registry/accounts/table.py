"""The tables of accounts: the accounts, their sessions, links that sign in once, and who fails from which address."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, UUID

from services.registry.accounts.account import Account
from services.registry.accounts.session import Session
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

accounts = sa.Table(
    "accounts",
    metadata,
    *columns_of(Account, but=("unit",)),
    sa.Column("unit", sa.Text, index=True),
    sa.UniqueConstraint("person"),
    sa.UniqueConstraint("user"),
    sa.UniqueConstraint("phone"),
    info=placed_by("unit"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    *columns_of(Session, but=("account",)),
    sa.Column("account", sa.Uuid, nullable=False, index=True),
    sa.UniqueConstraint("secret"),
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
