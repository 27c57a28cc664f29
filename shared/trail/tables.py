"""The trail table, one per service schema, and the trigger that keeps it append-only."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, UUID

WRITER = "(pg_current_xact_id()::text)::bigint"
"""The number of the writing transaction, as PostgreSQL counts them for ever."""


def trail_table(metadata: sa.MetaData) -> sa.Table:
    """One row per change. `seq` equals the aggregate's version; `body` is the canonical JSON that was hashed.

    Beside the chain, for who watches what changes (shared/live): `places`, the units that place the thing, and `tx`, the
    transaction that wrote the entry.
    """
    return sa.Table(
        "trail",
        metadata,
        sa.Column("aggregate_id", UUID(as_uuid=True), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", BYTEA, nullable=False),
        sa.Column("hash", BYTEA, nullable=False),
        sa.Column("places", ARRAY(sa.Text)),
        sa.Column("tx", sa.BigInteger, server_default=sa.text(WRITER)),
        sa.Index("trail_tx", "tx"),
    )


def append_only(schema: str) -> tuple[str, ...]:
    """Statements for a migration: UPDATE, DELETE and TRUNCATE on the trail are refused by the database itself."""
    return (
        f"""CREATE FUNCTION {schema}.refuse_trail_edit() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
        f"""CREATE TRIGGER trail_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.trail
        FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_trail_edit()""",
    )
