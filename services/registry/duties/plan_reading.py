"""Reading the plans of duties: rules are no secret among the staff."""

from typing import Annotated

import sqlalchemy as sa
from pydantic import Field

from services.registry.duties.plan import Plan
from services.registry.duties.reading import DutyCode
from services.registry.duties.store import Plans
from services.registry.duties.table import plans
from services.registry.units.store import Units
from shared.db.filters import equal
from shared.db.keyset import Paged
from shared.db.unit_of_work import UnitOfWork
from shared.http.pages import PageQuery
from shared.http.types import Code, QueryModel
from shared.units.scope import unscoped

_ORDER = (plans.c.bearer.desc(), plans.c.duty, plans.c.rank, plans.c.id)


class PlanFilter(QueryModel):
    """`area`: the plans that hold there, its own and those of areas above."""

    area: Code | None = None
    duty: DutyCode | None = None


class PlanQuery(PageQuery, PlanFilter):
    limit: Annotated[int, Field(ge=1, le=500)] = 200


async def find_plans(uow: UnitOfWork, wanted: PlanFilter) -> Paged[Plan]:
    """By bearer, duty and rank the plans that hold in `area` (None: all)."""
    query = unscoped(plans, *Plans.codec.columns, why="rules are no secret among the staff")
    if wanted.area is not None:
        line = [state.code for state in await Units.of(uow).ancestors(wanted.area)]
        query = query.where(sa.or_(plans.c.area.is_(None), plans.c.area.in_(line)))
    query = query.where(*equal({plans.c.duty: wanted.duty}))
    return Paged(uow.connection, query, _ORDER, Plans.codec.of)
