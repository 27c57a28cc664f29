"""Activities as Excel: what a filter shows, a template to fill in, and an import that takes all of a table or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.registry.activities.activity import ActivityState
from services.registry.activities.import_activities import Told, import_activities
from services.registry.activities.reading import ActivityReader
from services.registry.activities.schemas import ActivityFilter
from services.registry.activities.sheet import ACTIVITIES, body_of, row_of
from services.registry.deps import PlaceReader, RegistryDep, Staff
from services.registry.premises.deps import LedgerKeeper
from services.registry.units.import_sheet import RowsRefused, refused_file
from shared.http.routes import router
from shared.http.types import MediumText, QueryModel
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download, uploaded
from shared.sheets.reading import Row
from shared.sheets.streaming import exported

routes = router(tags=["宣传培训演练 · Activities"])

LARGEST: Final = 32 * 1024 * 1024


class ActivitiesImported(BaseModel):
    """How many activities were entered, how many changed, and how many said the same already."""

    entered: int
    changed: int
    same: int


class ActivitiesImportQuery(QueryModel):
    """`why` goes on the trail of each activity that changes."""

    why: MediumText | None = None


@routes.get("/activities.xlsx", response_class=Response, responses=WORKBOOK)
async def export(query: Annotated[ActivityFilter, Query()], caller: PlaceReader, registry: RegistryDep) -> Response:
    """All activities that the same filter shows, as a workbook · 导出宣传培训演练。"""
    async with registry.uow() as uow:
        content = await exported(ACTIVITIES, _rows(ActivityReader(uow, caller), query))
    return download(content, "宣传培训演练 activities.xlsx")


@routes.get("/activities/template.xlsx", response_class=Response, responses=WORKBOOK)
async def template(caller: Staff) -> Response:
    """An empty table of activities with drop-downs and notes · 宣传培训演练导入模板。"""
    return download(await asyncio.to_thread(ACTIVITIES.template), "宣传培训演练模板 activities.xlsx")


@routes.post(
    "/activities/import", max_body_size=LARGEST, response_model=ActivitiesImported, openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)  # fmt: skip
async def import_(
    query: Annotated[ActivitiesImportQuery, Query()], request: Request, caller: LedgerKeeper, registry: RegistryDep
) -> ActivitiesImported | Response:
    """Enter and change the activities of a table (up to 20,000), all or nothing; again the second time it changes
    nothing. Refused rows come back as a file with a column that says why · 导入宣传培训演练。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(ACTIVITIES.read, content)
    try:
        if reading.refusals:
            raise RowsRefused(reading.refusals)
        rows = [_told(row) for row in reading.rows]
        async with registry.uow() as uow:
            imported, refused = await import_activities(rows, caller, uow, registry.calendar, why=query.why)
            if refused:
                raise RowsRefused([reading.refuse(row, ACTIVITIES.column(why.field), why) for row, why in refused])
    except RowsRefused as why:
        return await refused_file(ACTIVITIES, content, reading, why, "活动")
    return ActivitiesImported(**asdict(imported))


def _told(row: Row) -> Told:
    body, told = body_of(row.values), row.values
    return Told(
        row, told["number"], told["premises"], told["state"] == ActivityState.CANCELLED, body.plan(), body.held()
    )  # fmt: skip


async def _rows(reader: ActivityReader, query: ActivityFilter) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    async for page in reader.pages(query.wanted()):
        yield [row_of(one) for one in page]
