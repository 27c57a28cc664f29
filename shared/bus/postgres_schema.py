"""The tables of the PostgreSQL bus, and how they come to be there: `install` may run in many processes at once.

What must hold: a partition's row is locked before its messages get offsets and stays locked until they are committed,
so that offsets become visible in order and a reader that asks for `off >= position` misses nothing.
"""

import re
from typing import Any

MIGRATIONS = (
    """
    CREATE TABLE {s}.topic (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL UNIQUE,
        compacted boolean NOT NULL,
        retention_days integer NOT NULL
    );
    -- One row per partition. `next` is the offset that the next message gets; everything below `cleaned` is compacted.
    CREATE TABLE {s}.partition (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic integer NOT NULL REFERENCES {s}.topic,
        number integer NOT NULL,
        next bigint NOT NULL DEFAULT 0,
        cleaned bigint NOT NULL DEFAULT 0,
        UNIQUE (topic, number)
    ) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
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
    CREATE TABLE {s}.member (
        grp text NOT NULL,
        name text NOT NULL,
        session uuid NOT NULL,
        topics text[] NOT NULL,
        until timestamptz NOT NULL,
        PRIMARY KEY (grp, name)
    ) WITH (fillfactor = 20);
    -- `epoch` grows with every new owner; a commit must name the epoch it read under.
    CREATE TABLE {s}.position (
        grp text NOT NULL,
        part integer NOT NULL REFERENCES {s}.partition,
        off bigint NOT NULL DEFAULT 0,
        owner uuid,
        epoch bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (grp, part)
    ) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

    -- Appends a batch in one round trip, so that no partition stays locked while a slow client thinks.
    CREATE FUNCTION {s}.append(parts integer[], keys text[], vals bytea[], heads text[])
    RETURNS TABLE (part integer, next bigint) LANGUAGE plpgsql AS $append$
    DECLARE
        taken timestamptz;
    BEGIN
        -- Always in id order: two batches that share partitions then queue up and cannot deadlock.
        PERFORM 1 FROM {s}.partition p WHERE p.id = ANY (parts) ORDER BY p.id FOR NO KEY UPDATE;
        taken := clock_timestamp();
        INSERT INTO {s}.message (part, off, key, value, headers, at)
        SELECT m.part, p.next + row_number() OVER (PARTITION BY m.part ORDER BY m.turn) - 1,
               m.key, m.value, m.headers, taken
        FROM unnest(parts, keys, vals, heads) WITH ORDINALITY AS m (part, key, value, headers, turn)
        JOIN {s}.partition p ON p.id = m.part;
        RETURN QUERY
        UPDATE {s}.partition p SET next = p.next + n.count
        FROM (SELECT m.part, count(*) AS count FROM unnest(parts) AS m (part) GROUP BY m.part) n
        WHERE p.id = n.part
        RETURNING p.id, p.next;
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
            await connection.execute(ddl.replace("{s}", schema))
            await connection.execute(f"UPDATE {schema}.version SET version = $1", number)
