"""The calendar of working days over HTTP: what a year's notice says, or that it is only an estimate."""

from datetime import date, time
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from services.dispatch.deps import DispatchDep
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.http.routes import router
from shared.http.types import QueryModel
from shared.worktime.calendar import estimated

routes = router(tags=["日历 · Calendar"])


class OfficeSpan(BaseModel):
    """Working time passes from `opens` until just before `closes`, in Asia/Shanghai."""

    opens: time
    closes: time


class CalendarOut(BaseModel):
    """A year. `provisional`: its holidays are not announced, and deadlines that reach into it may move.

    `holidays` are days off by law, weekends among them; `make_up_days` weekend days that are worked (调休);
    `working_days` all that are worked.
    """

    year: int
    version: str
    provisional: bool
    office_hours: list[OfficeSpan]
    holidays: list[date]
    make_up_days: list[date]
    working_days: list[date]


class CalendarQuery(QueryModel):
    """`year` defaults to this one."""

    year: Annotated[int, Field(ge=2000, le=2099)] | None = None


@routes.get("/calendar")
async def calendar(
    query: Annotated[CalendarQuery, Query()], caller: Annotated[Principal, signed_in()], dispatch: DispatchDep
) -> CalendarOut:
    """Working days, holidays, make-up days and office hours of a year · 工作日历。"""
    async with dispatch.uow() as uow:
        year = query.year or local_day(uow.now).year
    known = dispatch.calendar
    told = known.years.get(year) or estimated(year)
    return CalendarOut(
        year=year,
        version=known.version,
        provisional=not known.announced(year),
        office_hours=[OfficeSpan(opens=opens, closes=closes) for opens, closes in known.hours.spans],
        holidays=sorted(told.holidays),
        make_up_days=sorted(told.make_up),
        working_days=[date.fromordinal(day) for day in known.table(year).days],
    )
