"""The table of files, one of each service that takes any. A row says how far a file has come.

Uploading (`received` < `length`, or not checked yet) → ready (`ready_at`) → attached to a thing, for ever. What is not
attached after a day goes.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

MOST_OF_A_THING: Final = 9
"""Photos, and documents, that one thing is given at once."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a photo is attached to, and as what: a report's `report`, a work order's `before`, `after`, `verification`."""

    kind: str
    id: UUID
    use: str


def files_table(metadata: sa.MetaData, *, documents: bool = False) -> sa.Table:
    """`pieces` names the objects that came so far, in order; `digest` is the SHA-256 of the file as it is kept. A service
    that takes `documents` too has their names; a ready file without a width is one."""
    instant = sa.DateTime(timezone=True)
    return sa.Table(
        "files",
        metadata,
        sa.Column("id", postgresql.UUID(as_uuid=True), primary_key=True),
        sa.Column("uploader", sa.Text, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("pieces", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("ready_at", instant),
        sa.Column("bytes", sa.Integer),
        sa.Column("digest", postgresql.BYTEA),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.Column("taken_at", instant),
        sa.Column("longitude", sa.Double),
        sa.Column("latitude", sa.Double),
        sa.Column("thing_kind", sa.Text),
        sa.Column("thing_id", postgresql.UUID(as_uuid=True)),
        sa.Column("use", sa.Text),
        sa.Column("position", sa.Integer),
        sa.Column("attached_at", instant),
        *([sa.Column("name", sa.Text)] if documents else []),
        sa.Index("files_of_thing", "thing_id", "thing_kind", postgresql_where=sa.text("thing_id IS NOT NULL")),
        sa.Index("files_loose", "uploader", "created_at", postgresql_where=sa.text("thing_id IS NULL")),
    )
