"""The tables of premises: the newest version of each, and every version."""

import sqlalchemy as sa

from services.registry.premises.premises import Premises
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

serials = sa.Sequence("premises_serials", metadata=metadata)
"""The running part of the files' numbers."""


premises = sa.Table(
    "premises",
    metadata,
    *columns_of(Premises, flat=("about",)),
    # By which letters find the name (names.spelled).
    sa.Column("spelled", sa.Text, nullable=False),
    # By what the same place is recognised: entered twice, also by two people at once, it is refused.
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.UniqueConstraint("number"),
    sa.Index("premises_place", "street", "unit", "number"),
    sa.Index("premises_credit_code", "credit_code", postgresql_where=sa.text("credit_code <> ''")),
    info=placed_by("unit", of_premises="id"),
)
"""The newest version of each file."""

premises_versions = sa.Table(
    "premises_versions",
    metadata,
    *columns_of(Premises, flat=("about",), key=("id", "version")),
    sa.Column("spelled", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    # Which files ever lay in an area: the past of a grid is not looked for in the whole ledger.
    sa.Index("premises_versions_unit", "unit", "id"),
)
"""Every version of each file; rows are only ever added. Who sees the file now sees its past."""
