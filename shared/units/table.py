"""The units projection: one row per code, the newest state that registry published, and a revision of the whole.

`revision` has one row that every change takes first, and whose next number it gives to the rows it writes. Its lock
makes the numbers follow commit order, so whoever has seen a number finds all later changes above it. What belongs to a
restructuring waits in `pending` until `restructurings` and `pending` have all of it, so that nobody sees half of one.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB


class UnitTables(NamedTuple):
    units: sa.Table
    revision: sa.Table
    pending: sa.Table
    restructurings: sa.Table
    successions: sa.Table


def unit_tables(metadata: sa.MetaData, *, boundaries: bool = False) -> UnitTables:
    """`boundaries`: also keep where a unit lies, by far the largest fact, for a service that looks points up."""
    units = sa.Table(
        "units",
        metadata,
        sa.Column("code", sa.Text, primary_key=True),
        *_facts(boundaries=boundaries),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Index("units_parent", "parent"),
        sa.Index("units_by_revision", "revision"),
    )
    revision = sa.Table(
        "units_revision",
        metadata,
        sa.Column("only", sa.Boolean, primary_key=True, server_default=sa.text("true")),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    pending = sa.Table(
        "units_pending",
        metadata,
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        *_facts(boundaries=boundaries),
        sa.Column("restructuring", sa.Uuid),
    )
    restructurings = sa.Table(
        "units_restructurings",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("codes", ARRAY(sa.Text), nullable=False),
        sa.Column("versions", ARRAY(sa.Integer), nullable=False),
        sa.Column("applied", sa.Boolean, nullable=False),
        sa.Index("units_restructurings_waiting", "id", postgresql_where=sa.text("NOT applied")),
    )
    return UnitTables(units, revision, pending, restructurings, successions_table(metadata))


def successions_table(metadata: sa.MetaData) -> sa.Table:
    """Who succeeds whom: one row per line of a restructuring (`shared.events.registry.restructuring.SuccessionTold`)."""
    return sa.Table(
        "successions",
        metadata,
        sa.Column("restructuring", sa.Uuid, primary_key=True),
        sa.Column("unit", sa.Text, primary_key=True),
        sa.Column("rank", sa.Integer, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("effective_from", sa.Date, nullable=False),
        sa.Column("successor", sa.Text, nullable=False),
        sa.Column("street", sa.Text, nullable=False),
        sa.Column("boundary", JSONB(none_as_null=True)),
        # When the watch looks again for what the unit still owns; of the first line of each unit only.
        sa.Column("look_at", sa.DateTime(timezone=True)),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Index("successions_unit", "unit"),
        sa.Index("successions_look", "look_at", postgresql_where=sa.text("look_at IS NOT NULL")),
    )


def _facts(*, boundaries: bool) -> "Iterator[sa.Column[Any]]":
    yield sa.Column("kind", sa.Text, nullable=False)
    yield sa.Column("name", sa.Text, nullable=False)
    yield sa.Column("aliases", ARRAY(sa.Text), nullable=False)
    yield sa.Column("parent", sa.Text)
    if boundaries:
        yield sa.Column("boundary", JSONB)
    yield sa.Column("functions", ARRAY(sa.Text), nullable=False)
    yield sa.Column("serves", ARRAY(sa.Text), nullable=False)
    yield sa.Column("valid_from", sa.Date, nullable=False)
    yield sa.Column("valid_to", sa.Date)
