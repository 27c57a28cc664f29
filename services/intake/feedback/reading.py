"""Finding a report by its number for whoever has its code, and putting together what its reporter is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.feedback import progress_store, rating_store
from services.intake.feedback.progress import Progress
from services.intake.feedback.rating import Rating
from services.intake.reports.plain_words import Told, in_plain_words
from services.intake.reports.report import Report
from services.intake.reports.store import Reports
from services.intake.reports.table import reports
from services.intake.schema import tables
from shared.numbers import typed
from shared.trail.read import trail_of
from shared.units.scope import unscoped

_BY_NUMBER = unscoped(reports, why="whoever has the code of a report may follow it").where(
    sa.func.upper(reports.c.number) == sa.bindparam("number"),
    sa.func.right(reports.c.number, 6) == sa.func.right(sa.bindparam("number"), 6),
)

_FIRST = unscoped(reports, why="whoever joined a report follows it").where(reports.c.id == sa.bindparam("id"))


@dataclass(frozen=True, slots=True)
class Followed:
    """A report as its reporter follows it, at the instant `at`."""

    report: Report
    stands: Report
    """The one that is worked on: itself, or the one that it joined."""
    progress: Progress | None
    rating: Rating | None
    told: list[Told]
    at: datetime


async def by_number(connection: AsyncConnection, number: str) -> sa.RowMapping | None:
    """The row of a report; the caller checks the code before showing anything of it."""
    rows = await connection.execute(_BY_NUMBER, {"number": typed(number)})
    row: sa.RowMapping | None = rows.mappings().one_or_none()
    return row


async def followed(connection: AsyncConnection, row: sa.RowMapping, at: datetime) -> Followed:
    report = Reports.codec.of(row)
    stands = report
    told = in_plain_words(await _trail(connection, report.id))
    if report.same_as is not None:
        first = await connection.execute(_FIRST, {"id": report.same_as.id})
        stands = Reports.codec.of(first.mappings().one())
        told += in_plain_words(await _trail(connection, stands.id), joined_by=report.number)
    return Followed(
        report,
        stands,
        await progress_store.of_report(connection, stands.id),
        await rating_store.of_closing(connection, report.id, stands.closings),
        sorted(told, key=lambda step: step.at),
        at,
    )


async def _trail(connection: AsyncConnection, report_id: UUID) -> list[dict[str, Any]]:
    whole = await trail_of(connection, tables, report_id)
    return [entry.model_dump(mode="json") for entry in whole.entries]
