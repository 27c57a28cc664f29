"""The table of hazards, and the running part of their numbers."""

import sqlalchemy as sa

from services.registry.hazards.hazard import Hazard
from services.registry.premises.table import premises
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

hazard_serials = sa.Table(
    "hazard_serials",
    metadata,
    sa.Column("street", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("serial", sa.Integer, nullable=False),
)
"""The last serial of each street and local day."""

hazards = sa.Table(
    "hazards",
    metadata,
    *columns_of(Hazard, prefixed=("source", "rectify", "recheck", "decide")),
    # Of what a client sent under its own key, so that another body under it is told apart.
    sa.Column("body_hash", sa.LargeBinary),
    # What is due next (Hazard.due_at); null when nothing is.
    sa.Column("due_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("number"),
    # What it was found by: told twice, it is found once.
    sa.UniqueConstraint("origin"),
    sa.Index("hazards_place", "street", "unit", sa.text("found_at DESC"), "id"),
    sa.Index("hazards_newest", sa.text("found_at DESC"), "id"),
    sa.Index("hazards_due", "street", "due_at", "id", postgresql_where=sa.text("due_at IS NOT NULL")),
    sa.Index("hazards_of_premises", "premises_id", "found_at", postgresql_where=sa.text("premises_id IS NOT NULL")),
    sa.Index("hazards_last_six", sa.text("right(number, 6)")),
    info=placed_by("unit", "transferred_to", of_premises="premises_id", through=premises),
)
