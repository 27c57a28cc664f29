"""The units projection: one row per code, the newest state that registry published, and a revision of the whole."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB


@dataclass(frozen=True, slots=True)
class UnitTables:
    units: sa.Table
    revision: sa.Table


def unit_tables(metadata: sa.MetaData) -> UnitTables:
    """`revision` has one row that every change of the projection increments: its lock makes the number follow commit
    order, so a reader that sees the same number has the same units."""
    units = sa.Table(
        "units",
        metadata,
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("aliases", ARRAY(sa.Text), nullable=False),
        sa.Column("parent", sa.Text, index=True),
        sa.Column("boundary", JSONB),
        sa.Column("functions", ARRAY(sa.Text), nullable=False),
        sa.Column("serves", ARRAY(sa.Text), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
    )
    revision = sa.Table(
        "units_revision",
        metadata,
        sa.Column("only", sa.Boolean, primary_key=True, server_default=sa.text("true")),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    return UnitTables(units, revision)
