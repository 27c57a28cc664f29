"""Summaries over HTTP: a unit's numbers in a period with those right below it, their course, and the same as Excel."""

import asyncio
from itertools import accumulate, repeat
from typing import Annotated

from fastapi import Query, Response

from services.registry.deps import RegistryDep, Staff
from services.registry.summary.period import Period, named
from services.registry.summary.reading import SummaryReader
from services.registry.summary.schemas import (
    CourseOut,
    CoursePoint,
    CourseQuery,
    NumbersOut,
    SummaryOut,
    SummaryQuery,
    numbers_out,
    summary_out,
)
from services.registry.summary.sheet import summary_workbook
from shared.http.routes import router
from shared.http.uploads import WORKBOOK, download

routes = router(tags=["汇总 · Summaries"])


@routes.get("/summary")
async def read(query: Annotated[SummaryQuery, Query()], caller: Staff, registry: RegistryDep) -> SummaryOut:
    """What the ledgers of a unit say of a period, and of each unit right below it · 汇总。"""
    period = named(query.period_name)
    async with registry.uow() as uow:
        of, below = await SummaryReader(uow, caller, registry.calendar).of(query.unit, period)
    return summary_out(period, of, below)


@routes.get("/summary/course")
async def course(query: Annotated[CourseQuery, Query()], caller: Staff, registry: RegistryDep) -> CourseOut:
    """The same numbers over several periods · 汇总走势。"""
    periods = list(accumulate(repeat(named(query.period_name), query.count), lambda period, _: period.before))[::-1]
    async with registry.uow() as uow:
        found = await SummaryReader(uow, caller, registry.calendar).course(query.unit, periods)
    return CourseOut(points=[_point(period, numbers_out(numbers)) for period, numbers in found])


@routes.get("/summary.xlsx", response_class=Response, responses=WORKBOOK)
async def export(query: Annotated[SummaryQuery, Query()], caller: Staff, registry: RegistryDep) -> Response:
    """The summary as a workbook: the unit, and each right below it · 导出汇总。"""
    period = named(query.period_name)
    async with registry.uow() as uow:
        of, below = await SummaryReader(uow, caller, registry.calendar).of(query.unit, period)
    content = await asyncio.to_thread(summary_workbook, period, of, below)
    return download(content, f"汇总 {query.unit} {period.name}.xlsx")


def _point(period: Period, numbers: NumbersOut) -> CoursePoint:
    return CoursePoint(period=period.name, numbers=numbers)
