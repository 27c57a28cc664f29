"""Duties and plans as Excel: what a filter shows, and plans in and out, all of a table or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.registry.deps import PlaceReader, RegistryDep, Staff
from services.registry.duties.deps import Planner
from services.registry.duties.plan_reading import find_plans
from services.registry.duties.plan_schemas import PlanFilter
from services.registry.duties.put_plan import import_plans
from services.registry.duties.reading import DutyReader
from services.registry.duties.schemas import DutyFilter, shown
from services.registry.duties.sheet import DUTIES, PLANS, duty_row, plan_row, stated_of
from services.registry.units.import_sheet import RowsRefused, refused_file
from shared.http.routes import router
from shared.http.types import MediumText, QueryModel
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download, uploaded
from shared.sheets.streaming import exported

routes = router(tags=["定期职责 · Duties"])

LARGEST: Final = 4 * 1024 * 1024
_MOST_PLANS: Final = 5_000


class PlansImported(BaseModel):
    """How many plans were made, how many changed, and how many said the same already."""

    made: int
    changed: int
    same: int


class PlansImportQuery(QueryModel):
    """`why` goes on the trail of each plan."""

    why: MediumText | None = None


@routes.get("/duties.xlsx", response_class=Response, responses=WORKBOOK)
async def export(query: Annotated[DutyFilter, Query()], caller: PlaceReader, registry: RegistryDep) -> Response:
    """All duties that the same filter shows, as a workbook · 导出定期职责。"""
    async with registry.uow() as uow:
        content = await exported(DUTIES, _rows(DutyReader(uow, caller), query, uow.now))
    return download(content, "定期职责 duties.xlsx")


@routes.get("/duty-plans.xlsx", response_class=Response, responses=WORKBOOK)
async def export_plans(query: Annotated[PlanFilter, Query()], caller: Staff, registry: RegistryDep) -> Response:
    """The plans that the same filter shows, as a workbook that the import takes again · 导出职责计划。"""
    async with registry.uow() as uow:
        found, _ = await find_plans(uow, area=query.area, duty=query.duty, limit=_MOST_PLANS, after=None)
    content = await asyncio.to_thread(PLANS.export, [plan_row(plan) for plan in found])
    return download(content, "职责计划 duty plans.xlsx")


@routes.get("/duty-plans/template.xlsx", response_class=Response, responses=WORKBOOK)
async def template(caller: Staff) -> Response:
    """An empty table of plans with drop-downs and notes · 职责计划导入模板。"""
    return download(await asyncio.to_thread(PLANS.template), "职责计划模板 duty plans.xlsx")


@routes.post(
    "/duty-plans/import", max_body_size=LARGEST, response_model=PlansImported, openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)  # fmt: skip
async def import_(
    query: Annotated[PlansImportQuery, Query()], request: Request, caller: Planner, registry: RegistryDep
) -> PlansImported | Response:
    """Make and change the plans of a table, all or nothing; again the second time it changes nothing. Refused rows come
    back as a file with a column that says why · 导入职责计划。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(PLANS.read, content)
    try:
        if reading.refusals:
            raise RowsRefused(reading.refusals)
        rows = [(row, stated_of(row.values)) for row in reading.rows]
        async with registry.uow() as uow:
            imported, refused = await import_plans(rows, caller, uow, why=query.why)
            if refused:
                raise RowsRefused([reading.refuse(row, PLANS.column(why.field), why) for row, why in refused])
    except RowsRefused as why:
        return await refused_file(PLANS, content, reading, why, "职责计划")
    return PlansImported(**asdict(imported))


async def _rows(reader: DutyReader, query: DutyFilter, now: datetime) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    async for page in reader.pages(query.wanted()):
        yield [duty_row(shown(one, now)) for one in page]
