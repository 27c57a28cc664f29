"""Reading one aggregate's trail for people."""

import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.tables import ServiceTables


class TrailOut(BaseModel):
    """A trail as every API gives it, oldest entry first; each entry's hash covers the one before."""

    entries: list[dict[str, Any]]


async def trail_of(connection: AsyncConnection, tables: ServiceTables, aggregate_id: UUID) -> TrailOut:
    """All entries in order: seq, who, when (UTC), what, why, and the entry's hash (hex)."""
    trail = tables.trail
    rows = await connection.execute(
        sa.select(trail.c.seq, trail.c.body, trail.c.hash)
        .where(trail.c.aggregate_id == aggregate_id)
        .order_by(trail.c.seq)
    )
    return TrailOut(entries=[{"seq": row.seq, **json.loads(row.body), "hash": row.hash.hex()} for row in rows])
