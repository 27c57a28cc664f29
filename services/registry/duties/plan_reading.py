"""Reading the plans of duties: rules are no secret among the staff."""

import sqlalchemy as sa

from services.registry.duties.plan import Plan
from services.registry.duties.store import Plans
from services.registry.duties.table import plans
from services.registry.units.store import Units
from shared.db.keyset import Page, keyset
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import unscoped

_ORDER = (plans.c.bearer.desc(), plans.c.duty, plans.c.rank, plans.c.id)


async def find_plans(
    uow: UnitOfWork, *, area: str | None, duty: str | None, limit: int, after: str | None
) -> Page[Plan]:
    """A page by bearer, duty and rank of the plans that hold in `area` (None: of all)."""
    query = unscoped(plans, *Plans.codec.columns, why="rules are no secret among the staff")
    if area is not None:
        line = [state.code for state in await Units.of(uow).ancestors(area)]
        query = query.where(sa.or_(plans.c.area.is_(None), plans.c.area.in_(line)))
    if duty is not None:
        query = query.where(plans.c.duty == duty)
    return await keyset(uow.connection, query, _ORDER, Plans.codec.of, limit=limit, after=after)
