"""Reading the steps of the ladder that were taken, newest first, within a caller's reach."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.supervision.clocks.ladder import Action
from services.supervision.clocks.table import steps
from shared.db.keyset import Page, keyset
from shared.units.scope import Scope


@dataclass(frozen=True, slots=True)
class WantedSteps:
    """All that is given must hold. `unit` had to act, or with `below` its part of the tree, or it happened there."""

    step: Action | None = None
    name: str | None = None
    unit: str | None = None
    below: bool = False
    street: str | None = None
    thing_id: UUID | None = None
    since: datetime | None = None


async def steps_taken(
    connection: AsyncConnection, scope: Scope, wanted: WantedSteps, *, limit: int, after: str | None
) -> Page[sa.RowMapping]:
    """One page. Raises Invalid for a cursor not from here."""
    select = scope.select(steps)
    for name in ("step", "name", "street", "thing_id"):
        if (value := getattr(wanted, name)) is not None:
            select = select.where(steps.c[name] == value)
    if wanted.unit is not None:
        select = select.where(scope.within(wanted.unit, steps) if wanted.below else steps.c.unit == wanted.unit)
    if wanted.since is not None:
        select = select.where(steps.c.at >= wanted.since)
    order = (steps.c.at.desc(), steps.c.clock_id, steps.c.step)
    return await keyset(connection, select, order, lambda row: row, limit=limit, after=after)
