"""Reading trails: one aggregate's for people, and the hashes of single entries."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.auth.principal import Role
from shared.db.tables import ServiceTables
from shared.errors import require_version


class TrailEntry(BaseModel):
    """What one action did: who (account or part of the platform, with role and unit), when (UTC), what changed and why.
    `name` is what that person is called, where the service knows it and the reader may know it."""

    seq: int
    action: str
    at: datetime
    by: str
    role: str
    unit: str | None
    device: str | None
    why: str | None
    what: dict[str, Any]
    hash: str
    name: str | None = None


def by_a_person(trail: sa.Table) -> sa.ColumnElement[bool]:
    """True for the entries of what a person did, and no part of the platform."""
    role: sa.ColumnElement[str] = sa.cast(trail.c.body, JSONB)["role"].astext
    return role != Role.SERVICE


class TrailOut(BaseModel):
    """A trail as every API gives it, oldest entry first; each entry's hash covers the one before."""

    entries: list[TrailEntry]

    def named(self, names: Mapping[str, str]) -> "TrailOut":
        """With what those who acted are called, by `by`."""
        return TrailOut(entries=[one.model_copy(update={"name": names.get(one.by)}) for one in self.entries])


async def trail_of(connection: AsyncConnection, tables: ServiceTables, aggregate_id: UUID) -> TrailOut:
    """All entries in order: seq, who, when (UTC), what, why, and the entry's hash (hex)."""
    trail = tables.trail
    rows = await connection.execute(
        sa.select(trail.c.seq, trail.c.body, trail.c.hash)
        .where(trail.c.aggregate_id == aggregate_id)
        .order_by(trail.c.seq)
    )
    return TrailOut(entries=[_entry(*row) for row in rows])


async def entry_at(
    connection: AsyncConnection, tables: ServiceTables, aggregate_id: UUID, seq: int
) -> TrailEntry | None:
    """What led to version `seq`; None before there is one."""
    trail = tables.trail
    wanted = (trail.c.aggregate_id == aggregate_id) & (trail.c.seq == seq)
    row = (await connection.execute(sa.select(trail.c.seq, trail.c.body, trail.c.hash).where(wanted))).one_or_none()
    return _entry(*row) if row is not None else None


async def require_seen(
    connection: AsyncConnection, tables: ServiceTables, aggregate_id: UUID, expected: int, stored: int, *,
    besides: Collection[str],
) -> None:  # fmt: skip
    """Raise Conflict when the caller has seen another version than the stored one; but not where all that was done since are
    actions of `besides`, by which nothing changed that whoever decides has looked at."""
    if expected < stored:
        trail = tables.trail
        action = sa.cast(trail.c.body, JSONB)["action"].astext
        since = sa.select(action).where(trail.c.aggregate_id == aggregate_id, trail.c.seq > expected)
        if {*await connection.scalars(since)} <= {*besides}:
            return
    require_version(expected, stored)


def _entry(seq: int, body: str, hash: bytes) -> TrailEntry:
    return TrailEntry(seq=seq, hash=hash.hex(), **json.loads(body))


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
