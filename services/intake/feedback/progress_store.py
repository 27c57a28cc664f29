"""Progress as rows: of each report the newest that was told; an older one that comes late changes nothing."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.feedback.progress import Progress
from services.intake.feedback.table import progress
from shared.db.bulk import insert_rows, parameters
from shared.db.rowcodec import RowCodec
from shared.units.scope import unscoped

CODEC = RowCodec(Progress, progress)
_GIVEN = insert_rows(progress, CODEC.names)
_KEEP = _GIVEN.on_conflict_do_update(
    index_elements=[progress.c.report_id],
    set_={name: _GIVEN.excluded[name] for name in CODEC.names if name != "report_id"},
    where=progress.c.version < _GIVEN.excluded.version,
)
_ONE = unscoped(progress, *CODEC.columns, why="of a report that the caller was shown").where(
    progress.c.report_id == sa.bindparam("report_id")
)


async def keep(connection: AsyncConnection, told: Iterable[Progress]) -> None:
    # In the order of their ids, so that two transactions wait for each other in one direction.
    rows = sorted(told, key=lambda one: one.report_id.int)
    if rows:
        await connection.execute(_KEEP, parameters(progress, CODEC.arrays(CODEC.names, rows)))


async def of_report(connection: AsyncConnection, report_id: UUID) -> Progress | None:
    row = (await connection.execute(_ONE, {"report_id": report_id})).one_or_none()
    return None if row is None else CODEC.of_values(row)
