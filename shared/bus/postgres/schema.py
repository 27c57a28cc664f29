"""The tables of the PostgreSQL bus, and how they come to be there: `install` may run in many processes at once.

What must hold: a partition's row is locked before its messages get offsets and stays locked until they are committed,
so that offsets become visible in order and a reader that asks for `off >= position` misses nothing. No row is updated
per message or per batch: while some transaction stays open for minutes (a backup, say) every update leaves a version
behind that all later look-ups walk over, which made a send three times as slow within 20,000 of them.
"""

import re
from typing import Any

from shared.bus.layout import MARK

MIGRATIONS = (
    """
    CREATE TABLE {s}.topic (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL UNIQUE,
        compacted boolean NOT NULL,
        retention_days integer NOT NULL
    );
    -- One row per partition, there to be locked. Its messages tell the next offset, so the newest of them always stays.
    -- Everything below `cleaned` is compacted.
    CREATE TABLE {s}.partition (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic integer NOT NULL REFERENCES {s}.topic,
        number integer NOT NULL,
        cleaned bigint NOT NULL DEFAULT 0,
        UNIQUE (topic, number)
    );
    -- No foreign key to partition: it would lock and check once per message. Headers are JSON as text, since jsonb
    -- refuses what JSON may hold (a NUL) and costs more to write.
    CREATE TABLE {s}.message (
        part integer NOT NULL,
        off bigint NOT NULL,
        key text,
        value bytea,
        headers text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (part, off)
    ) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);
    CREATE INDEX message_tombstone ON {s}.message (part, off) WHERE value IS NULL;
    CREATE INDEX message_mark ON {s}.message (part, off) WHERE key = '{mark}';
    CREATE TABLE {s}.member (
        grp text NOT NULL,
        name text NOT NULL,
        session uuid NOT NULL,
        topics text[] NOT NULL,
        until timestamptz NOT NULL,
        PRIMARY KEY (grp, name)
    ) WITH (fillfactor = 20);
    -- Who owns what. `epoch` grows with every new owner; a commit must name the epoch it read under.
    CREATE TABLE {s}.ownership (
        grp text NOT NULL,
        part integer NOT NULL REFERENCES {s}.partition,
        owner uuid,
        epoch bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (grp, part)
    );
    -- How far each group is: its greatest `off`. A commit adds a row and removes the one before.
    CREATE TABLE {s}.progress (
        grp text NOT NULL,
        part integer NOT NULL,
        off bigint NOT NULL,
        PRIMARY KEY (grp, part, off)
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

    -- The offset that the next message of a partition gets.
    CREATE FUNCTION {s}.head(part integer) RETURNS bigint LANGUAGE sql STABLE AS $head$
        SELECT coalesce((SELECT m.off + 1 FROM {s}.message m WHERE m.part = head.part ORDER BY m.off DESC LIMIT 1), 0)
    $head$;

    -- Appends a batch in one round trip, so that no partition stays locked while a slow client thinks.
    CREATE FUNCTION {s}.append(parts integer[], keys text[], vals bytea[], heads text[])
    RETURNS TABLE (part integer, next bigint) LANGUAGE plpgsql AS $append$
    DECLARE
        taken timestamptz;
    BEGIN
        -- Always in id order: two batches that share partitions then queue up and cannot deadlock.
        PERFORM 1 FROM {s}.partition p WHERE p.id = ANY (parts) ORDER BY p.id FOR NO KEY UPDATE;
        taken := clock_timestamp();
        RETURN QUERY
        WITH start AS MATERIALIZED (
            SELECT d.part, {s}.head(d.part) AS off FROM (SELECT DISTINCT u.part FROM unnest(parts) AS u (part)) d
        ), added AS (
            INSERT INTO {s}.message AS x (part, off, key, value, headers, at)
            SELECT m.part, start.off + row_number() OVER (PARTITION BY m.part ORDER BY m.turn) - 1,
                   m.key, m.value, m.headers, taken
            FROM unnest(parts, keys, vals, heads) WITH ORDINALITY AS m (part, key, value, headers, turn)
            JOIN start ON start.part = m.part
            RETURNING x.part, x.off
        )
        SELECT added.part, max(added.off) + 1 FROM added GROUP BY added.part;
    END
    $append$;
    """,
)
"""Version n of the schema is what the first n entries make. Append; never edit one that was released."""


def checked(schema: str) -> str:
    """`schema` itself, refused with ValueError unless it can stand in SQL as it is."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,40}", schema):
        raise ValueError(f"not usable as a schema name: {schema!r}")
    return schema


async def install(connection: Any, schema: str) -> None:
    """Bring `schema` to the newest version. Whoever comes second waits and then finds nothing to do."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext($1), 1)", f"gridgov bus {schema}")
        # Asked first: CREATE SCHEMA IF NOT EXISTS wants the right to create even when there is nothing to create.
        if not await connection.fetchval("SELECT to_regnamespace($1) IS NOT NULL", schema):
            await connection.execute(f"CREATE SCHEMA {schema}")
        if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{schema}.version"):
            await connection.execute(f"CREATE TABLE {schema}.version (version integer NOT NULL)")
            await connection.execute(f"INSERT INTO {schema}.version VALUES (0)")
        version = await connection.fetchval(f"SELECT version FROM {schema}.version")
        for number, ddl in enumerate(MIGRATIONS[version:], start=version + 1):
            await connection.execute(ddl.replace("{s}", schema).replace("{mark}", MARK))
            await connection.execute(f"UPDATE {schema}.version SET version = $1", number)
