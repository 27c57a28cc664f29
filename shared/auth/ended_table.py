"""The table in which a service keeps the sessions that ended before their tokens did."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID


def ended_sessions_table(metadata: sa.MetaData) -> sa.Table:
    """By `until` the tokens of the session are past, and the row goes."""
    return sa.Table(
        "ended_sessions",
        metadata,
        sa.Column("session", UUID(as_uuid=True), primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, index=True),
    )
