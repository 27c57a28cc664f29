"""The units projection: one row per code, the newest state that registry published, and a revision of the whole.

`revision` has one row that every change takes first, and whose next number it gives to the rows it writes. Its lock
makes the numbers follow commit order, so whoever has seen a number finds all later changes above it.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB


@dataclass(frozen=True, slots=True)
class UnitTables:
    units: sa.Table
    revision: sa.Table


def unit_tables(metadata: sa.MetaData, *, boundaries: bool = False) -> UnitTables:
    """`boundaries`: also keep where a unit lies, by far the largest fact, for a service that looks points up."""
    units = sa.Table(
        "units",
        metadata,
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("aliases", ARRAY(sa.Text), nullable=False),
        sa.Column("parent", sa.Text, index=True),
        *([sa.Column("boundary", JSONB)] if boundaries else ()),
        sa.Column("functions", ARRAY(sa.Text), nullable=False),
        sa.Column("serves", ARRAY(sa.Text), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Index("units_by_revision", "revision"),
    )
    revision = sa.Table(
        "units_revision",
        metadata,
        sa.Column("only", sa.Boolean, primary_key=True, server_default=sa.text("true")),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    return UnitTables(units, revision)
