"""The police stations (派出所) to which an overdue hazard is transferred: those that serve the place where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from services.registry.units.kinds import Kind
from services.registry.units.store import Units, exists_on
from services.registry.units.table import units
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import unscoped

FUNCTION: Final = "public_security"
"""By which the tree knows a department as one of the police."""


@dataclass(frozen=True, slots=True)
class Station:
    code: str
    name: str


async def stations_for(uow: UnitOfWork, unit: str, day: date) -> Sequence[Station]:
    """The stations that serve `unit` or an area above it on a local day, by code. Without areas of its own a department
    serves that under which it hangs."""
    line = [one.code for one in await Units.of(uow).ancestors(unit)]
    own = (sa.func.cardinality(units.c.serves) == 0) & units.c.parent.in_(line)
    serves = units.c.serves.overlap(line) | own
    query = unscoped(units, units.c.code, units.c.name, why="the tree is no secret among those who have signed in")
    rows = await uow.connection.execute(
        query.where(
            units.c.kind == Kind.DEPARTMENT, units.c.functions.contains([FUNCTION]), exists_on(units, day), serves
        ).order_by(units.c.code)
    )
    return [Station(row.code, row.name) for row in rows]
