"""The shared tables as a service's migration that needs them first creates them. Frozen: a later change is a migration of its own
in each service, never an edit here."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.trail.tables import WRITER, append_only


def create_service_tables(schema: str) -> None:
    """Outbox, processed_events and the append-only trail."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("value", postgresql.BYTEA(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="outbox_pkey"),
        schema=schema,
    )
    op.create_table(
        "processed_events",
        sa.Column("event_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="processed_events_pkey"),
        schema=schema,
    )
    op.create_index("processed_events_at", "processed_events", ["at"], schema=schema)
    op.create_table(
        "trail",
        sa.Column("aggregate_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", postgresql.BYTEA(), nullable=False),
        sa.Column("hash", postgresql.BYTEA(), nullable=False),
        sa.PrimaryKeyConstraint("aggregate_id", "seq", name="trail_pkey"),
        schema=schema,
    )
    for statement in append_only(schema):
        op.execute(statement)


def create_units_projection(schema: str, *, boundaries: bool = False) -> None:
    """The projection of units, where asked for with their boundaries, and its revision."""
    op.create_table(
        "units",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        *([sa.Column("boundary", postgresql.JSONB(), nullable=True)] if boundaries else ()),
        sa.Column("functions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("serves", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="units_pkey"),
        schema=schema,
    )
    op.create_index("units_parent", "units", ["parent"], schema=schema)
    op.create_index("units_by_revision", "units", ["revision"], schema=schema)
    op.create_table(
        "units_revision",
        sa.Column("only", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("only", name="units_revision_pkey"),
        schema=schema,
    )


def create_successions(schema: str) -> None:
    """Who succeeds whom after a restructuring."""
    op.create_table(
        "successions",
        sa.Column("restructuring", sa.UUID(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("boundary", postgresql.JSONB(), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("restructuring", "unit", "rank", name="successions_pkey"),
        schema=schema,
    )
    op.create_index("successions_unit", "successions", ["unit"], schema=schema)
    due = sa.text("look_at IS NOT NULL")
    op.create_index("successions_look", "successions", ["look_at"], schema=schema, postgresql_where=due)


def create_restructurings(schema: str, *, boundaries: bool = False) -> None:
    """What a projection of units needs to show each restructuring at once."""
    op.create_table(
        "units_pending",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        *([sa.Column("boundary", postgresql.JSONB(), nullable=True)] if boundaries else ()),
        sa.Column("functions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("serves", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("restructuring", sa.UUID(), nullable=True),
        sa.PrimaryKeyConstraint("code", "version", name="units_pending_pkey"),
        schema=schema,
    )
    op.create_table(
        "units_restructurings",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("versions", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", "part", name="units_restructurings_pkey"),
        schema=schema,
    )
    waiting = sa.text("NOT applied")
    op.create_index(
        "units_restructurings_waiting", "units_restructurings", ["id"], schema=schema, postgresql_where=waiting
    )
    create_successions(schema)


def drop_restructurings(schema: str) -> None:
    """The way back."""
    for table in ("successions", "units_restructurings", "units_pending"):
        op.drop_table(table, schema=schema)


def create_files(schema: str) -> None:
    """The files of a service that takes photos."""
    op.create_table(
        "files",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("uploader", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("pieces", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("digest", postgresql.BYTEA(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("thing_kind", sa.Text(), nullable=True),
        sa.Column("thing_id", sa.UUID(), nullable=True),
        sa.Column("use", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="files_pkey"),
        schema=schema,
    )
    there, none = sa.text("thing_id IS NOT NULL"), sa.text("thing_id IS NULL")
    op.create_index("files_of_thing", "files", ["thing_id", "thing_kind"], schema=schema, postgresql_where=there)
    op.create_index("files_loose", "files", ["uploader", "created_at"], schema=schema, postgresql_where=none)


def create_ended_sessions(schema: str) -> None:
    """The sessions that ended before their tokens did."""
    op.create_table(
        "ended_sessions",
        sa.Column("session", sa.UUID(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session", name="ended_sessions_pkey"),
        schema=schema,
    )
    op.create_index("ended_sessions_until", "ended_sessions", ["until"], schema=schema)


def make_trail_watchable(schema: str) -> None:
    """Entries say which units place their thing, and which transaction wrote them. Older ones do not: nobody watches
    the past."""
    op.add_column("trail", sa.Column("places", postgresql.ARRAY(sa.Text()), nullable=True), schema=schema)
    op.add_column("trail", sa.Column("tx", sa.BigInteger(), nullable=True), schema=schema)
    # Apart from the column: with it every row there is would be written anew.
    op.alter_column("trail", "tx", server_default=sa.text(WRITER), schema=schema)
    op.create_index("trail_tx", "trail", ["tx"], schema=schema)


def make_trail_unwatchable(schema: str) -> None:
    """The way back."""
    op.drop_index("trail_tx", "trail", schema=schema)
    op.drop_column("trail", "tx", schema=schema)
    op.drop_column("trail", "places", schema=schema)


def create_told(schema: str) -> None:
    """How far other services have told everything."""
    op.create_table(
        "told",
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("thing", "partition", name="told_pkey"),
        schema=schema,
    )
