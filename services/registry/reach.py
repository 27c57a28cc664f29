"""The row condition that limits a query to the part of the tree that a caller may see."""

import sqlalchemy as sa

from services.registry.schema import units
from shared.auth.principal import Reach


def within(reach: Reach, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """True for rows where `column` names a unit that `reach` covers."""
    if reach.everything:
        return sa.true()
    if reach.unit is None:
        return sa.false()
    # Without a name of its own, for a query may carry two of these.
    below = sa.select(units.c.code).where(units.c.code == reach.unit).cte(recursive=True)
    below = below.union(sa.select(units.c.code).join(below, units.c.parent == below.c.code))
    return column.in_(sa.select(below.c.code))
