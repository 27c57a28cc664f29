"""Restructurings as rows, and reading them within the caller's part of the tree."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field

from services.registry.restructuring.errors import RESTRUCTURING_NOT_FOUND
from services.registry.restructuring.lifecycle import State
from services.registry.restructuring.plan import Restructuring
from services.registry.restructuring.table import restructurings, serials
from services.registry.units.table import successions, units
from shared.db.aggregates import Aggregates
from shared.db.filters import equal
from shared.db.keyset import Paged
from shared.db.rowcodec import RowCodec
from shared.db.scoped_reader import ScopedReader
from shared.http.pages import PageQuery


class Restructurings(Aggregates[Restructuring]):
    """Writers hold the registry's lock (`write_lock.alone`), so what is read here stays as it is."""

    kind = "restructuring"
    codec = RowCodec(Restructuring, restructurings)

    async def new_serial(self) -> int:
        """The running part of a new number; never handed out again."""
        serial: int = await self._uow.connection.scalar(sa.select(serials.next_value()))  # type: ignore[assignment]  # never NULL
        return serial

    async def due(self, day: date) -> UUID | None:
        """The approved plan that takes effect first, by a local day."""
        rows = restructurings.c
        return await self._uow.connection.scalar(
            sa.select(rows.id)
            .where(rows.state == State.APPROVED, rows.effective_from <= day)
            .order_by(rows.effective_from, rows.id)
            .limit(1)
        )

    async def without_end(self) -> Sequence[Restructuring]:
        """The plans on which nothing is decided, or which have not taken effect."""
        return await self.where(restructurings.c.state.in_([State.DRAFT, State.PROPOSED, State.APPROVED]))


class RestructuringQuery(PageQuery):
    """`waiting`: only those that wait for your decision."""

    state: State | None = None
    waiting: bool = False
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class RestructuringReader(ScopedReader[Restructuring]):
    units, store, missing = units, Restructurings, RESTRUCTURING_NOT_FOUND

    def find(self, wanted: RestructuringQuery) -> Paged[sa.RowMapping]:
        """Without steps, newest first. `waiting`: those that the caller is to decide."""
        rows = restructurings.c
        steps = sa.func.jsonb_array_length(rows.steps).label("step_count")
        columns = [*(column for column in rows if column.name != "steps"), steps]
        query = self._scope.select(restructurings, *columns).where(*equal({rows.state: wanted.state}))
        if wanted.waiting:
            query = query.where(
                rows.state == State.PROPOSED, rows.drafted_by != self._caller.subject, self._scope.covers(rows.area)
            )
        return Paged(self._connection, query, (rows.id.desc(),), lambda row: row)

    async def still_moving(self, id: UUID) -> int:
        """Of how many units registry has not yet looked through what they own."""
        lines = successions.c
        count: Any = await self._connection.scalar(
            sa.select(sa.func.count()).where(lines.restructuring == id, lines.rank == 0, lines.looks == 0)
        )
        return int(count)
