"""Reading reports. Every query carries the reach: the caller's part of the unit tree, or what they sent themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.reports.lifecycle import Status
from services.intake.schema import reports
from shared.auth.principal import Principal
from shared.db.cursor import cursor, read_cursor
from shared.units.projection import UnitProjection

Row = sa.RowMapping
_SIX = 6


@dataclass(frozen=True, slots=True)
class ReportReader:
    connection: AsyncConnection
    projection: UnitProjection
    caller: Principal

    async def one(self, report_id: UUID) -> Row | None:
        rows = await self.connection.execute(sa.select(reports).where(reports.c.id == report_id, self._visible()))
        return rows.mappings().one_or_none()

    async def page(
        self,
        *,
        ids: Sequence[UUID] = (),
        number: str | None = None,
        status: Status | None = None,
        limit: int,
        after: str | None = None,
    ) -> tuple[list[Row], str | None]:
        """A page, oldest first, and the next cursor. `number` may be whole or its last six digits."""
        condition = self._visible()
        if ids:
            condition &= reports.c.id == sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Uuid)))
            limit = max(limit, len(ids))
        if number:
            six = number if len(number) == _SIX and number.isdigit() else None
            condition &= sa.func.right(reports.c.number, _SIX) == six if six else reports.c.number == number
        if status:
            condition &= reports.c.status == status
        if after:
            condition &= sa.tuple_(reports.c.submitted_at, reports.c.id) > sa.tuple_(*read_cursor(after))
        rows = await self.connection.execute(
            sa.select(reports).where(condition).order_by(reports.c.submitted_at, reports.c.id).limit(limit + 1)
        )
        found = list(rows.mappings())
        last = found[limit - 1] if len(found) > limit else None
        return found[:limit], cursor(last["submitted_at"], last["id"]) if last else None

    def _visible(self) -> sa.ColumnElement[bool]:
        within = self.projection.condition(self.caller.reach, reports.c.unit, reports.c.home)
        return sa.or_(within, reports.c.caller == self.caller.subject)
