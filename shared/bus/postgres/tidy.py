"""Housekeeping of the PostgreSQL log: old messages go, compacted topics keep the newest message of each key, others the
newest mark.

One process at a time, in batches small enough to disturb nobody. Offsets never change, so gaps appear. A tombstone
stays for a day after it was sent, so that readers who were away learn of it. The newest message of a partition stays
whatever it is: the next offset is counted from it.
"""

from typing import Any

from shared.bus.layout import MARK
from shared.bus.postgres.pool import Pool

_BATCH = 5_000
_TOMBSTONE_DAYS = 1

_PARTITIONS = """
    SELECT p.id, {s}.head(p.id), p.cleaned, t.compacted, t.retention_days
    FROM {s}.partition p JOIN {s}.topic t ON t.id = p.topic ORDER BY p.id
"""

_EXPIRED = """
    DELETE FROM {s}.message WHERE part = $1 AND off = ANY (ARRAY(
        SELECT off FROM (SELECT off, at FROM {s}.message WHERE part = $1 ORDER BY off LIMIT $3) oldest
        WHERE at < clock_timestamp() - make_interval(days => $2) AND off < $4 - 1))
"""

# Everything below $2 that has a newer message of its key below $2. A message without a key is nobody's state: it stays.
_OUTDATED = """
    DELETE FROM {s}.message WHERE part = $1 AND off = ANY (ARRAY(
        SELECT off FROM (
            SELECT off, key, max(off) OVER (PARTITION BY key) AS newest
            FROM {s}.message WHERE part = $1 AND off < $2
        ) m WHERE off < newest AND key IS NOT NULL LIMIT $3))
"""

# Below the head, just compacted, a tombstone is the only message of its key, so nothing older comes back to life without it.
_TOMBSTONES = """
    DELETE FROM {s}.message WHERE part = $1 AND off = ANY (ARRAY(
        SELECT off FROM {s}.message WHERE part = $1 AND off < $2 - 1 AND value IS NULL
        AND at < clock_timestamp() - make_interval(days => $3) ORDER BY off LIMIT $4))
"""

# A mark says all that those before it in its partition said.
_MARKS = """
    DELETE FROM {s}.message WHERE part = $1 AND off = ANY (ARRAY(
        SELECT off FROM {s}.message WHERE part = $1 AND key = '{mark}' AND off < (
            SELECT max(off) FROM {s}.message WHERE part = $1 AND key = '{mark}')
        ORDER BY off LIMIT $2))
""".replace("{mark}", MARK)

_MEMBERS = "DELETE FROM {s}.member WHERE until < clock_timestamp() - interval '1 hour'"

# Left behind when the answer to a commit was lost and the batch came again.
_PROGRESS = """
    DELETE FROM {s}.progress g
    USING (SELECT grp, part, max(off) AS off FROM {s}.progress GROUP BY grp, part HAVING count(*) > 1) newest
    WHERE g.grp = newest.grp AND g.part = newest.part AND g.off < newest.off
"""


async def tidy(pool: Pool, schema: str) -> int:
    """Remove what may go now; the number of messages removed, 0 when another process is at it. Interrupt at will."""
    async with pool.connection() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtext($1), 2)", f"gridgov bus {schema}"):
            return 0
        try:
            return await _tidy_all(connection, schema)
        finally:
            await connection.execute("SELECT pg_advisory_unlock(hashtext($1), 2)", f"gridgov bus {schema}")


async def _tidy_all(connection: Any, schema: str) -> int:
    removed = 0
    for statement in (_MEMBERS, _PROGRESS):
        await connection.execute(statement.replace("{s}", schema))
    for part, head, cleaned, compacted, days in await connection.fetch(_PARTITIONS.replace("{s}", schema)):
        if not compacted:
            removed += await _repeat(connection, _MARKS.replace("{s}", schema), part, _BATCH)
            removed += await _repeat(connection, _EXPIRED.replace("{s}", schema), part, days, _BATCH, head)
            continue
        if head > cleaned:
            removed += await _repeat(connection, _OUTDATED.replace("{s}", schema), part, head, _BATCH)
            await connection.execute(f"UPDATE {schema}.partition SET cleaned = $2 WHERE id = $1", part, head)
        removed += await _repeat(connection, _TOMBSTONES.replace("{s}", schema), part, head, _TOMBSTONE_DAYS, _BATCH)
    return removed


async def _repeat(connection: Any, statement: str, *arguments: object) -> int:
    """Run a deletion, each time its own transaction, until it finds less than a full batch."""
    total = 0
    while True:
        count = int((await connection.execute(statement, *arguments)).rsplit(" ", 1)[1])
        total += count
        if count < _BATCH:
            return total
