"""Reading trails: one aggregate's for people, and the hashes of single entries."""

import json
from functools import cache
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


@cache  # making a statement anew costs more than running it
def hashes_at(trail: sa.Table) -> sa.Executable:
    """`aggregate_id`, `seq` and `hash` of the entries at (`ids`, `seqs`), two arrays of one length; of those there are."""
    wanted = (
        sa.func.unnest(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)), sa.bindparam("seqs", type_=sa.ARRAY(sa.Integer)))
        .table_valued(sa.column("id", sa.Uuid), sa.column("seq", sa.Integer), name="wanted")
        .render_derived()
    )
    same = (trail.c.aggregate_id == wanted.c.id) & (trail.c.seq == wanted.c.seq)
    return sa.select(trail.c.aggregate_id, trail.c.seq, trail.c.hash).join_from(wanted, trail, same)
