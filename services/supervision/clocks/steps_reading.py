"""Reading the steps of the ladder that were taken, newest first, within a caller's reach."""

from typing import Annotated

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.supervision.clocks.ladder import Action
from services.supervision.clocks.reading import Word
from services.supervision.clocks.table import steps
from shared.db.filters import equal
from shared.db.keyset import Page, Paged
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, Instant
from shared.units.scope import Scope


class StepQuery(PageQuery):
    """All filters given must hold. `below` includes what lies below `unit`; `since` is an instant."""

    step: Action | None = None
    name: Word | None = None
    unit: Code | None = None
    below: bool = False
    street: Code | None = None
    thing_id: Id | None = None
    since: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


async def steps_taken(connection: AsyncConnection, scope: Scope, wanted: StepQuery) -> Page[sa.RowMapping]:
    """One page. Raises Invalid for a cursor not from here."""
    rows = steps.c
    select = scope.select(steps).where(
        *equal(
            {rows.step: wanted.step, rows.name: wanted.name, rows.street: wanted.street, rows.thing_id: wanted.thing_id}
        )
    )
    if wanted.unit is not None:
        select = select.where(scope.within(wanted.unit, steps) if wanted.below else rows.unit == wanted.unit)
    if wanted.since is not None:
        select = select.where(rows.at >= wanted.since)
    order = (rows.at.desc(), rows.clock_id, rows.step)
    return await Paged(connection, select, order, lambda row: row).page(wanted.limit, wanted.after)
