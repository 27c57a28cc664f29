"""Reading reports within a caller's scope: one, or a page, oldest first."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.reports.lifecycle import Status
from services.intake.reports.store import Reports
from services.intake.reports.table import reports
from services.intake.schema import files
from shared.db.keyset import Page, keyset
from shared.files.attach import PhotoOut, photos_of
from shared.numbers import numbered
from shared.units.scope import Scope


async def one(connection: AsyncConnection, scope: Scope, report_id: UUID) -> sa.RowMapping | None:
    rows = await connection.execute(scope.select(reports).where(reports.c.id == report_id))
    row: sa.RowMapping | None = rows.mappings().one_or_none()
    return row


async def photos(connection: AsyncConnection, rows: Sequence[sa.RowMapping]) -> dict[UUID, list[PhotoOut]]:
    """The photos of reports that the caller sees, by report."""
    return await photos_of(connection, files, Reports.kind, [row["id"] for row in rows])


async def page(
    connection: AsyncConnection,
    scope: Scope,
    *,
    ids: Sequence[UUID] = (),
    number: str | None = None,
    status: Status | None = None,
    limit: int,
    after: str | None = None,
) -> Page:
    """All filters given must hold. `number` may be whole or its last six digits. Raises Invalid for a foreign cursor."""
    found = scope.select(reports)
    if ids:
        found = found.where(reports.c.id == sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Uuid))))
    if number:
        found = found.where(numbered(reports.c.number, number))
    if status:
        found = found.where(reports.c.status == status)
    return await keyset(connection, found, (reports.c.submitted_at, reports.c.id), limit=limit, after=after)
