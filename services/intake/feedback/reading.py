"""Finding a report by its number for whoever has its code, and putting together what its reporter is told."""

from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Followed:
    """A report as its reporter follows it, at the instant `at`."""

    report: Report
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
    trail = await trail_of(connection, tables, report.id)
    return Followed(
        report,
        await progress_store.of_report(connection, report.id),
        await rating_store.of_closing(connection, report.id, report.closings),
        in_plain_words(entry.model_dump(mode="json") for entry in trail.entries),
        at,
    )
