"""Who may convene what, who may be invited, and to whom a meeting may give work: questions about the tree as it is today."""

from collections.abc import Collection
from datetime import date
from typing import Final

import sqlalchemy as sa

from services.registry.units.kinds import Kind
from services.registry.units.store import Units, exists_on
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope, below, unscoped

_CONVENE: Final = (Kind.CITY, Kind.DISTRICT, Kind.STREET, Kind.ZONE, Kind.COMMUNITY)
_HANDLE: Final = (Kind.STREET, Kind.ZONE, Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID, Kind.SPECIAL_GRID)
"""What handles things, as dispatch sees it (docs/rules.md §3.2): no city, district, building or doorway."""
_WHY: Final = "the tree is no secret among those who have signed in"


async def keeps(uow: UnitOfWork, caller: Principal, unit: str, day: date) -> bool:
    """Whether the unit can convene a meeting, and the caller keeps what it convenes: theirs, or served by their office."""
    seen = Scope(units, caller, served=True).covers(units.c.code)
    query = sa.select(units.c.code).where(units.c.code == unit, units.c.kind.in_(_CONVENE), exists_on(units, day), seen)
    return await uow.connection.scalar(query) is not None


async def leads(uow: UnitOfWork, caller: Principal, unit: str) -> bool:
    """Whether the unit is the caller's own or lies below it."""
    query = sa.select(units.c.code).where(units.c.code == unit, Scope(units, caller).covers(units.c.code))
    return await uow.connection.scalar(query) is not None


async def street_of(uow: UnitOfWork, unit: str) -> str:
    """The street that the unit is or lies in; empty above streets."""
    line = await Units.of(uow).ancestors(unit)
    return next((one.code for one in line if one.kind is Kind.STREET), "")


async def existing(uow: UnitOfWork, codes: Collection[str], day: date) -> set[str]:
    """Those of `codes` that are units on a local day."""
    query = unscoped(units, units.c.code, why=_WHY).where(units.c.code.in_(codes), exists_on(units, day))
    return set(await uow.connection.scalars(query))


async def may_be_given_work(uow: UnitOfWork, codes: Collection[str], unit: str, day: date) -> set[str]:
    """Those of `codes` that a meeting of `unit` may give work: what lies in it, and departments that serve it or a part
    of it. So nobody draws work to units of another's."""
    within = below(units, unit)
    above = [one.code for one in await Units.of(uow).ancestors(unit)]
    served = sa.select(sa.func.unnest(units.c.serves)).correlate(units).subquery()
    place = served.c[0]
    near = sa.exists(sa.select(place).where(place.in_(above) | place.in_(within)))
    by_parent = (sa.func.cardinality(units.c.serves) == 0) & (units.c.parent.in_(above) | units.c.parent.in_(within))
    department = (units.c.kind == Kind.DEPARTMENT) & (near | by_parent)
    place_itself = units.c.kind.in_(_HANDLE) & units.c.code.in_(within)
    query = unscoped(units, units.c.code, why=_WHY).where(
        units.c.code.in_(codes), exists_on(units, day), department | place_itself
    )
    return set(await uow.connection.scalars(query))
