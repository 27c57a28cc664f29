"""Ratings as rows: one per closing of a report, the newest."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.feedback.rating import Rating
from services.intake.feedback.table import ratings
from shared.db.rowcodec import RowCodec
from shared.units.scope import unscoped

CODEC = RowCodec(Rating, ratings)
_KEY = ("report_id", "closing")
_GIVEN = insert(ratings)
_KEEP = _GIVEN.on_conflict_do_update(
    index_elements=list(_KEY), set_={name: _GIVEN.excluded[name] for name in CODEC.names if name not in _KEY}
)
_ONE = unscoped(ratings, *CODEC.columns, why="of a report that the caller was shown").where(
    ratings.c.report_id == sa.bindparam("report_id"), ratings.c.closing == sa.bindparam("closing")
)


async def keep(connection: AsyncConnection, rating: Rating) -> None:
    await connection.execute(_KEEP, CODEC.values(rating))


async def of_closing(connection: AsyncConnection, report_id: UUID, closing: int) -> Rating | None:
    row = (await connection.execute(_ONE, {"report_id": report_id, "closing": closing})).one_or_none()
    return None if row is None else CODEC.of_values(row)
