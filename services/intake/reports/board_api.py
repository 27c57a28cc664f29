"""Reports on the board (大屏): how many came today and yesterday, and the latest ones, without personal data."""

from datetime import datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from services.intake.reports.board_reading import Day, latest, two_days
from services.intake.reports.deps import IntakeDep
from services.intake.reports.lifecycle import Status
from services.intake.schema import units
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.clock import LOCAL, local_day
from shared.http.routes import router
from shared.http.types import Code, QueryModel
from shared.units.scope import Scope

routes = router(tags=["大屏 · Board"])


class DayOut(BaseModel):
    """What came in one local day: in all, by where it stands now, by channel."""

    received: int
    by_status: dict[Status, int]
    by_channel: dict[str, int]


class LatestOut(BaseModel):
    """A report as the ticker shows it: nothing of what was told, and nobody's name."""

    id: UUID
    number: str
    channel: str
    status: Status
    street: str
    area: str | None
    category: str | None
    submitted_at: datetime


class BoardOut(BaseModel):
    """`as_of` is the instant of all numbers; `latest` has the newest first, of today and yesterday."""

    as_of: datetime
    unit: str | None
    today: DayOut
    yesterday: DayOut
    latest: list[LatestOut]


class BoardQuery(QueryModel):
    """`unit` defaults to the caller's own."""

    unit: Code | None = None


@routes.get("/board")
async def board(
    query: Annotated[BoardQuery, Query()], caller: Annotated[Principal, signed_in()], intake: IntakeDep
) -> BoardOut:
    """Reports of today and yesterday by status and channel, and the latest · 大屏：今日与昨日上报、最新动态。"""
    unit, scope = query.unit or caller.unit, Scope(units.units, caller)
    async with intake.uow() as uow:
        midnight = datetime.combine(local_day(uow.now), time(), LOCAL)
        today, yesterday = await two_days(uow.connection, scope, unit, midnight)
        rows = await latest(uow.connection, scope, unit, midnight)
        now = uow.now
    shown = [
        LatestOut(
            id=row["id"],
            number=row["number"],
            channel=row["channel"],
            status=row["status"],
            street=row["street"],
            area=row["place_unit"],
            category=row["category_name"],
            submitted_at=row["submitted_at"],
        )
        for row in rows
    ]
    return BoardOut(as_of=now, unit=unit, today=_day(today), yesterday=_day(yesterday), latest=shown)


def _day(day: Day) -> DayOut:
    by_status = {Status(status): count for status, count in day.by_status.items()}
    return DayOut(received=day.by_status.total(), by_status=by_status, by_channel=dict(day.by_channel))
