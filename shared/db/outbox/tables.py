"""The outbox (what must be sent), the processed_events (what was already taken) and told (how far other services have told
everything), one of each per service schema."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, UUID


def outbox_table(metadata: sa.MetaData) -> sa.Table:
    """Messages not yet confirmed by the bus. `headers` is JSON text: it is stored and sent, never queried."""
    return sa.Table(
        "outbox",
        metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("value", BYTEA, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def processed_events_table(metadata: sa.MetaData) -> sa.Table:
    """Events whose effects are committed. Kept longer than any topic keeps its messages (see housekeeping)."""
    return sa.Table(
        "processed_events",
        metadata,
        sa.Column("event_id", UUID(as_uuid=True), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def told_table(metadata: sa.MetaData) -> sa.Table:
    """Everything that happened to things of this kind before `until` was told in this partition, and is applied."""
    return sa.Table(
        "told",
        metadata,
        sa.Column("thing", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
