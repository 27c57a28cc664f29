"""Reading reports within a caller's scope: one, or a page, oldest first."""

from collections.abc import Sequence
from math import cos, radians
from typing import Annotated, Final
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field

from services.intake.errors import REPORT_NOT_FOUND
from services.intake.places.coordinates import Point, metres
from services.intake.reports.lifecycle import OPEN, Status
from services.intake.reports.report import Channel
from services.intake.reports.store import Reports
from services.intake.reports.table import reports
from services.intake.schema import files, units
from shared.db.filters import equal
from shared.db.keyset import Page, Paged
from shared.db.scoped_reader import ScopedReader
from shared.files.attach import PhotoOut, photos_of
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, Instant, ShortText
from shared.numbers import numbered

MOST_NEAR: Final = 20
_LOOKED_AT: Final = 500


class ListQuery(PageQuery):
    """By ids (up to 90), by number or its last six digits, by status, channel, part of the tree (`unit` and what is below it)
    or when they came, oldest first."""

    id: Annotated[list[Id], Field(default_factory=list, max_length=90)]
    number: ShortText | None = None
    status: Status | None = None
    channel: Channel | None = None
    unit: Code | None = None
    since: Instant | None = None
    mine: bool = False
    """Only what the caller sent."""
    newest_first: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ReportReader(ScopedReader[sa.RowMapping]):
    """Gives rows: what of them is shown depends on who asks."""

    units, store, missing = units.units, Reports, REPORT_NOT_FOUND

    async def photos(self, rows: Sequence[sa.RowMapping]) -> dict[UUID, list[PhotoOut]]:
        """The photos of reports that the caller sees, by report."""
        return await photos_of(self._connection, files, Reports.kind, [row["id"] for row in rows])

    async def page(self, wanted: ListQuery) -> Page[sa.RowMapping]:
        """All filters given must hold. Raises Invalid for a foreign cursor."""
        rows = reports.c
        found = self._select().where(*equal({rows.status: wanted.status, rows.channel: wanted.channel}))
        if wanted.id:
            found = found.where(rows.id == sa.any_(sa.cast(wanted.id, sa.ARRAY(sa.Uuid))))
        if wanted.number:
            found = found.where(numbered(rows.number, wanted.number))
        if wanted.unit and wanted.unit != self._caller.reach.unit:  # the caller's own part is the scope
            found = found.where(self._scope.within(wanted.unit, reports))
        if wanted.since:
            found = found.where(rows.submitted_at >= wanted.since)
        if wanted.mine:
            found = found.where(rows.caller == self._caller.subject)
        oldest = (rows.submitted_at, rows.id)
        order = tuple(map(sa.desc, oldest)) if wanted.newest_first else oldest
        limit = max(wanted.limit, len(wanted.id))
        return await Paged(self._connection, found, order, self._read).page(limit, wanted.after)

    async def near(self, point: Point, radius: float) -> list[tuple[float, sa.RowMapping]]:
        """Open reports within `radius` metres, nearest first, at most `MOST_NEAR`, each with its distance."""
        north = radius / 111_000
        east = north / max(0.01, cos(radians(point.lat)))
        found = self._select().where(
            reports.c.latitude.between(point.lat - north, point.lat + north),
            reports.c.longitude.between(point.lon - east, point.lon + east),
            reports.c.status.in_(OPEN),
        )
        rows = await self._connection.execute(found.order_by(reports.c.submitted_at.desc()).limit(_LOOKED_AT))
        away = [(metres(point, Point(row["longitude"], row["latitude"])), row) for row in rows.mappings()]
        return sorted((each for each in away if each[0] <= radius), key=lambda each: each[0])[:MOST_NEAR]

    async def queues(self) -> sa.RowMapping:
        """How many reports wait for a person: all, those that nobody looks at, and those that the caller looks at."""
        claimed = reports.c.claimed_until > self._uow.now
        count = sa.func.count()
        found = self._scope.select(
            reports,
            count.label("needs_review"),
            count.filter(sa.not_(sa.func.coalesce(claimed, sa.false()))).label("unclaimed"),
            count.filter(claimed & (reports.c.claimed_by == self._caller.subject)).label("mine"),
        ).where(reports.c.status == Status.NEEDS_REVIEW)
        row: sa.RowMapping = (await self._connection.execute(found)).mappings().one()
        return row

    def _read(self, row: sa.RowMapping) -> sa.RowMapping:
        return row
