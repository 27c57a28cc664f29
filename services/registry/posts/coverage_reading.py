"""Finding the units that lack somebody whom their kind needs (`domain/people/coverage.py`)."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.registry.posts.coverage import Need
from services.registry.reach import within
from services.registry.schema import posts, units
from shared.auth.principal import Reach


@dataclass(frozen=True, slots=True)
class Gap:
    code: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Covered:
    """How one need is met: of `units` units `lacking` have nobody; `gaps` are the first of them by code."""

    need: Need
    units: int
    lacking: int
    gaps: tuple[Gap, ...]


async def covered(
    connection: AsyncConnection, need: Need, *, area: str | None, reach: Reach, today: date, limit: int
) -> Covered:
    """The need's state today within `reach`, and within `area` where one is given."""
    condition = (
        (units.c.kind == need.kind.value)
        & (units.c.valid_from <= today)
        & (units.c.valid_to.is_(None) | (units.c.valid_to > today))
        & within(reach, units.c.code)
    )
    if area is not None:
        condition &= within(Reach(area, everything=False), units.c.code)
    held = sa.exists().where(
        posts.c.unit == units.c.code,
        posts.c.role.in_(need.roles),
        posts.c.valid_from <= today,
        posts.c.valid_to.is_(None) | (posts.c.valid_to > today),
    )
    lacking = sa.func.count().filter(~held)
    count, missing = (await connection.execute(sa.select(sa.func.count(), lacking).where(condition))).one()
    rows = await connection.execute(
        sa.select(units.c.code, units.c.name, units.c.parent)
        .where(condition, ~held)
        .order_by(units.c.code)
        .limit(limit)
    )
    return Covered(need, count, missing, tuple(Gap(row.code, row.name, row.parent) for row in rows))
