"""The table of what is known of people. No unit places them: they are reached through the posts they hold."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, UUID

from services.registry.schema import metadata

person_facts = sa.Table(
    "person_facts",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("person", sa.Text, nullable=False, unique=True),
    sa.Column("sealed", BYTEA, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
