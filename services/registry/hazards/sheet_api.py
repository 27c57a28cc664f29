"""Hazards as Excel: what a filter shows, a template to fill in, and an import that takes all of a table or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.registry.deps import PlaceReader, RegistryDep, Staff
from services.registry.hazards.finding import Found
from services.registry.hazards.hazard import Criteria, Source, SourceKind
from services.registry.hazards.import_hazards import Told, import_hazards
from services.registry.hazards.items import Item
from services.registry.hazards.lifecycle import FINDERS
from services.registry.hazards.reading import HazardReader
from services.registry.hazards.schemas import HazardFilter
from services.registry.hazards.sheet import HAZARDS, row_of
from services.registry.units.import_sheet import RowsRefused, refused_file
from shared.auth.permissions import may
from shared.auth.principal import Principal
from shared.http.routes import router
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download, uploaded
from shared.sheets.reading import Row
from shared.sheets.streaming import exported

routes = router(tags=["隐患 · Hazards"])

Finder = Annotated[Principal, may(*FINDERS)]
LARGEST: Final = 32 * 1024 * 1024


class HazardsImported(BaseModel):
    """How many hazards were entered, and how many were there already."""

    entered: int
    same: int


@routes.get("/hazards.xlsx", response_class=Response, responses=WORKBOOK)
async def export(query: Annotated[HazardFilter, Query()], caller: PlaceReader, registry: RegistryDep) -> Response:
    """All hazards that the same filter shows, as a workbook · 导出隐患台账。"""
    async with registry.uow() as uow:
        content = await exported(HAZARDS, _rows(HazardReader(uow, caller), query, uow.now))
    return download(content, "隐患 hazards.xlsx")


@routes.get("/hazards/template.xlsx", response_class=Response, responses=WORKBOOK)
async def template(caller: Staff) -> Response:
    """An empty table of hazards with drop-downs and notes · 隐患导入模板。"""
    return download(await asyncio.to_thread(HAZARDS.template), "隐患模板 hazards.xlsx")


@routes.post(
    "/hazards/import", max_body_size=LARGEST, response_model=HazardsImported, openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)  # fmt: skip
async def import_(request: Request, caller: Finder, registry: RegistryDep) -> HazardsImported | Response:
    """Enter the hazards of a table (up to 50,000), all or nothing; what is there already is passed over. Refused rows come
    back as a file with a column that says why · 导入隐患。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(HAZARDS.read, content)
    try:
        if reading.refusals:
            raise RowsRefused(reading.refusals)
        async with registry.uow() as uow:
            imported, refused = await import_hazards([_told(row) for row in reading.rows], caller, uow)
            if refused:
                raise RowsRefused([reading.refuse(row, HAZARDS.column(why.field), why) for row, why in refused])
    except RowsRefused as why:
        return await refused_file(HAZARDS, content, reading, why, "隐患")
    return HazardsImported(**asdict(imported))


def _told(row: Row) -> Told:
    values = row.values
    criteria = Criteria(values["edition"], values["element"]) if values["edition"] else None
    found = Found(
        premises_id=None,
        unit=values["unit"],
        item=Item(values["item"]),
        text=values["text"],
        source=Source(SourceKind.TOLD),
        fixed_on_spot=values["fixed_on_spot"] == "yes",
        rectify_by=values["rectify_by"],
        criteria=criteria,
    )
    return Told(row, values["number"], values["premises"], found)


async def _rows(reader: HazardReader, query: HazardFilter, now: datetime) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    async for page in reader.pages(query.wanted()):
        yield [row_of(row, now) for row in page]
