"""The statements of the PostgreSQL bus's hot paths, one place for all of them; times are the server's own.

`{s}` is the schema. A statement may run beside any other: ownership changes under the lock of its row.
"""

from dataclasses import dataclass, fields

_ENTER = """
    WITH entered AS (
        INSERT INTO {s}.member AS m (grp, name, session, topics, until)
        VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
        ON CONFLICT (grp, name) DO UPDATE
        SET session = excluded.session, topics = excluded.topics, until = excluded.until
        WHERE $6 OR m.until < clock_timestamp()
        RETURNING 1
    ), known AS (
        INSERT INTO {s}.ownership (grp, part)
        SELECT $1, p.id FROM {s}.partition p JOIN {s}.topic t ON t.id = p.topic
        WHERE t.name = ANY ($4) AND EXISTS (SELECT 1 FROM entered)
        ORDER BY p.id
        ON CONFLICT DO NOTHING
    )
    SELECT 1 FROM entered
"""

# The rows are those from before the renewal, so `live` of the own row says whether the lease had already ended.
_BEAT = """
    WITH renewed AS (
        UPDATE {s}.member SET until = clock_timestamp() + make_interval(secs => $4)
        WHERE grp = $1 AND name = $2 AND session = $3
    )
    SELECT name, session, topics, until > clock_timestamp() AS live FROM {s}.member WHERE grp = $1
"""

_LEAVE = """
    WITH gone AS (DELETE FROM {s}.member WHERE grp = $1 AND session = $2)
    UPDATE {s}.ownership SET owner = NULL WHERE grp = $1 AND owner = $2
"""

_PLACES = """
    SELECT p.id, t.name, p.number FROM {s}.partition p JOIN {s}.topic t ON t.id = p.topic WHERE t.name = ANY ($1)
"""

_GIVE_UP = "UPDATE {s}.ownership SET owner = NULL WHERE grp = $1 AND owner = $2 AND part = ANY ($3)"

# Also answers for partitions already owned, so that the claimer learns which it has lost.
_CLAIM = """
    UPDATE {s}.ownership p SET owner = $2, epoch = p.epoch + (p.owner IS DISTINCT FROM $2)::integer
    WHERE p.grp = $1 AND p.part = ANY ($3)
      AND (p.owner IS NULL OR p.owner = $2 OR NOT EXISTS (
          SELECT 1 FROM {s}.member m WHERE m.grp = $1 AND m.session = p.owner AND m.until > clock_timestamp()))
    RETURNING p.part, p.epoch
"""

# A statement of its own, after the claim: one that had to wait for the last commit of the owner before would not see it.
_OFFSETS = """
    SELECT w.part, {s}.head(w.part) AS next, coalesce((
        SELECT g.off FROM {s}.progress g WHERE g.grp = $1 AND g.part = w.part ORDER BY g.off DESC LIMIT 1), 0) AS off
    FROM unnest($2::integer[]) AS w (part)
"""

# The running sum has no ORDER BY: it adds up in the order in which the join delivers, which is that of $1 and of the
# offsets, and needs no sort. Only offsets and sizes are read for the rows that it cuts off.
_READ = """
    SELECT part, off, key, value, headers, at FROM (
        SELECT m.*, octet_length(m.value) AS size,
               sum(octet_length(m.value)) OVER (ROWS UNBOUNDED PRECEDING) AS total
        FROM unnest($1::integer[], $2::bigint[], $3::integer[]) AS w (part, off, count)
        CROSS JOIN LATERAL (
            SELECT * FROM {s}.message x WHERE x.part = w.part AND x.off >= w.off ORDER BY x.off LIMIT w.count
        ) m
    ) batch
    WHERE coalesce(total - coalesce(size, 0), 0) < $4
"""

# May be repeated when its answer was lost. $5 is where the reader started from, $6 how far it is now. It does not wait
# for the disk: an offset that a crash of the server takes back brings events again, whose effects are there already.
_COMMIT = """
    WITH held AS (
        SELECT p.part, w.before, w.off FROM {s}.ownership p
        JOIN unnest($3::integer[], $4::bigint[], $5::bigint[], $6::bigint[]) AS w (part, epoch, before, off)
            ON p.part = w.part AND p.epoch = w.epoch
        WHERE p.grp = $1 AND p.owner = $2
        ORDER BY p.part FOR NO KEY UPDATE OF p
    ), past AS (
        DELETE FROM {s}.progress g USING held WHERE g.grp = $1 AND g.part = held.part AND g.off = held.before
    ), present AS (
        INSERT INTO {s}.progress (grp, part, off) SELECT $1, part, off FROM held ON CONFLICT DO NOTHING
    )
    SELECT part, set_config('synchronous_commit', 'off', true) FROM held
"""

# Counts offsets from the first message that is still there, so that what was cleaned away is not waited for.
_LAG = """
    SELECT w.part, coalesce({s}.head(w.part) - (
        SELECT m.off FROM {s}.message m WHERE m.part = w.part AND m.off >= coalesce((
            SELECT g.off FROM {s}.progress g WHERE g.grp = $1 AND g.part = w.part ORDER BY g.off DESC LIMIT 1), 0)
        ORDER BY m.off LIMIT 1), 0) AS lag
    FROM unnest($2::integer[]) AS w (part)
"""

_HEADS = "SELECT part, {s}.head(part) AS next FROM unnest($1::integer[]) AS w (part)"


_APPEND = "SELECT part, next FROM {s}.append($1, $2, $3, $4)"


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements with the schema's name filled in."""

    enter: str = _ENTER
    beat: str = _BEAT
    leave: str = _LEAVE
    places: str = _PLACES
    give_up: str = _GIVE_UP
    claim: str = _CLAIM
    offsets: str = _OFFSETS
    read: str = _READ
    commit: str = _COMMIT
    lag: str = _LAG
    heads: str = _HEADS
    append: str = _APPEND


def statements(schema: str) -> Statements:
    return Statements(*(str(field.default).replace("{s}", schema) for field in fields(Statements)))
