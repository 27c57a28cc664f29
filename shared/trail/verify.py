"""Verifying trails: every chain from its first entry, recomputed by the database in one pass.

Finds edited, missing, reordered, misfiled and forged entries; a cut tail shows where the aggregate's version is ahead
of its trail. Few queries per service, so that a million entries need no million round trips. What a chain alone cannot
show is an edit with all later hashes computed anew, or a cut that puts back the version too: these show against heads
that were told elsewhere (`not_extended`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.tables import ServiceTables
from shared.trail.entry import Head
from shared.trail.read import hashes_at


@dataclass(frozen=True, slots=True)
class Violation:
    """The first bad entry of one chain: which aggregate, at which seq, and what is wrong with it."""

    service: str
    kind: str
    aggregate_id: UUID
    seq: int
    problem: str


@dataclass(frozen=True, slots=True)
class Verified:
    service: str
    chains: int
    entries: int
    violations: tuple[Violation, ...]


async def verify(
    connection: AsyncConnection, tables: ServiceTables, aggregates: Mapping[str, sa.Table], *, most: int = 100
) -> Verified:
    """Check all trails of a service. `aggregates` maps a trail's kind to the table (`id`, `version`) it tells of.

    Names the first bad entry of each bad chain, up to `most` chains.
    """
    schema = tables.metadata.schema
    await connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
    chained = f"""
        WITH chained AS (
            SELECT aggregate_id, seq, kind,
                   hash <> sha256(previous || uuid_send(aggregate_id) || int4send(seq) || convert_to(body, 'UTF8'))
                       AS edited,
                   seq <> coalesce(lag(seq) OVER chain, 0) + 1 AS gap,
                   previous <> coalesce(lag(hash) OVER chain, decode(repeat('00', 32), 'hex')) AS unchained
            FROM {schema}.trail WINDOW chain AS (PARTITION BY aggregate_id ORDER BY seq))"""
    bad = await connection.execute(
        sa.text(
            f"""{chained}
            SELECT DISTINCT ON (aggregate_id) aggregate_id, seq, kind,
                CASE WHEN gap THEN 'entry before it is missing' WHEN unchained THEN 'does not follow the entry before'
                     ELSE 'was edited' END AS problem
            FROM chained WHERE edited OR gap OR unchained ORDER BY aggregate_id, seq LIMIT :most"""
        ),
        {"most": most},
    )
    violations = [Violation(tables.service, row.kind, row.aggregate_id, row.seq, row.problem) for row in bad]
    present = "".join(
        f" UNION ALL SELECT id, '{kind}', version FROM {table.schema}.{table.name}"
        for kind, table in aggregates.items()
    )
    ends = await connection.execute(
        sa.text(
            f"""WITH ends AS (
                SELECT aggregate_id, kind, min(seq) AS first, max(seq) AS last FROM {schema}.trail GROUP BY 1, 2
            ), present (id, kind, version) AS (SELECT NULL::uuid, NULL::text, NULL::integer WHERE false{present})
            SELECT coalesce(p.id, e.aggregate_id) AS id, coalesce(p.kind, e.kind) AS kind, p.version,
                   e.first, coalesce(e.last, 0) AS last
            FROM present p FULL JOIN ends e ON e.aggregate_id = p.id AND e.kind = p.kind
            WHERE p.version IS DISTINCT FROM e.last ORDER BY 1, 2 LIMIT :most"""
        ),
        {"most": most},
    )
    violations += [
        Violation(tables.service, row.kind, row.id, row.first, f"tells of a {row.kind} that does not exist")
        if row.version is None
        else Violation(
            tables.service,
            row.kind,
            row.id,
            row.last,
            f"trail ends at {row.last}, {row.kind} is at version {row.version}",
        )
        for row in ends
    ]
    counts = (
        await connection.execute(
            sa.text(f"SELECT count(*) AS entries, count(DISTINCT aggregate_id) AS chains FROM {schema}.trail")
        )
    ).one()
    return Verified(tables.service, counts.chains, counts.entries, tuple(violations[:most]))


async def not_extended(connection: AsyncConnection, trail: sa.Table, heads: Collection[Head]) -> list[Head]:
    """Those of `heads` whose entry is gone or is another now, in order: the chain was rewritten, cut, or lost with a
    database that was put back."""
    told = sorted(heads)
    where = {"ids": [head.aggregate_id for head in told], "seqs": [head.seq for head in told]}
    stored = {Head(*row) for row in await connection.execute(hashes_at(trail), where)}
    return [head for head in told if head not in stored]
