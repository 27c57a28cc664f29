"""In which street units lie, for what is kept of a place: its unit is what a caller may choose, its street follows."""

from collections.abc import Collection
from datetime import date
from typing import Final

import sqlalchemy as sa

from services.registry.units.kinds import Kind
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope

_PLACES: Final = (
    Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID, Kind.SPECIAL_GRID, Kind.BUILDING, Kind.DOORWAY,
)  # fmt: skip


async def streets_of(uow: UnitOfWork, caller: Principal, codes: Collection[str], day: date) -> dict[str, str]:
    """Of the units among `codes` that exist on `day`, can hold a place and are the caller's: the street each lies in.

    Departments may choose within the areas that they serve.
    """
    wanted = (
        (units.c.code == sa.any_(sa.literal(list(codes), sa.ARRAY(sa.Text))))
        & units.c.kind.in_(_PLACES)
        & exists_on(units, day)
    )
    first = Scope(units, caller, served=True).covers(units.c.code)
    up = sa.select(units.c.code.label("start"), units.c.code, units.c.parent, units.c.kind).where(wanted, first)
    chain = up.cte(recursive=True)
    chain = chain.union_all(
        sa.select(chain.c.start, units.c.code, units.c.parent, units.c.kind).join(chain, units.c.code == chain.c.parent)
    )
    rows = await uow.connection.execute(sa.select(chain.c.start, chain.c.code).where(chain.c.kind == Kind.STREET))
    return {row.start: row.code for row in rows}
