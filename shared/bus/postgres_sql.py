"""The statements of the PostgreSQL bus's hot paths, one place for all of them; times are the server's own.

`{s}` is the schema. A statement may run beside any other: ownership changes under the lock of the position's row.
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
        INSERT INTO {s}.position (grp, part)
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
    UPDATE {s}.position SET owner = NULL WHERE grp = $1 AND owner = $2
"""

_PLACES = """
    SELECT p.id, t.name, p.number FROM {s}.partition p JOIN {s}.topic t ON t.id = p.topic WHERE t.name = ANY ($1)
"""

_GIVE_UP = "UPDATE {s}.position SET owner = NULL WHERE grp = $1 AND owner = $2 AND part = ANY ($3)"

# Also answers for partitions already owned, so that the claimer learns which it has lost.
_CLAIM = """
    UPDATE {s}.position p SET owner = $2, epoch = p.epoch + (p.owner IS DISTINCT FROM $2)::integer
    FROM {s}.partition head
    WHERE p.grp = $1 AND p.part = ANY ($3) AND head.id = p.part
      AND (p.owner IS NULL OR p.owner = $2 OR NOT EXISTS (
          SELECT 1 FROM {s}.member m WHERE m.grp = $1 AND m.session = p.owner AND m.until > clock_timestamp()))
    RETURNING p.part, p.off, p.epoch, head.next
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

_COMMIT = """
    UPDATE {s}.position p SET off = w.off
    FROM unnest($3::integer[], $4::bigint[], $5::bigint[]) AS w (part, epoch, off)
    WHERE p.grp = $1 AND p.owner = $2 AND p.part = w.part AND p.epoch = w.epoch
    RETURNING p.part
"""

# Counts offsets from the first message that is still there, so that what was cleaned away is not waited for.
_LAG = """
    SELECT p.part, CASE WHEN first.off IS NULL THEN 0 ELSE head.next - first.off END AS lag
    FROM {s}.position p
    JOIN {s}.partition head ON head.id = p.part
    LEFT JOIN LATERAL (
        SELECT m.off FROM {s}.message m WHERE m.part = p.part AND m.off >= p.off ORDER BY m.off LIMIT 1
    ) first ON true
    WHERE p.grp = $1 AND p.part = ANY ($2)
"""

_HEADS = "SELECT id, next FROM {s}.partition WHERE id = ANY ($1)"


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
    read: str = _READ
    commit: str = _COMMIT
    lag: str = _LAG
    heads: str = _HEADS
    append: str = _APPEND


def statements(schema: str) -> Statements:
    return Statements(*(str(field.default).replace("{s}", schema) for field in fields(Statements)))
