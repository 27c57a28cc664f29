"""Inspections as Excel: what a filter shows, a template to fill in, and an import of past ones, all of a table or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.registry.deps import PlaceReader, RegistryDep, Staff
from services.registry.inspections.import_inspections import import_inspections
from services.registry.inspections.reading import InspectionReader
from services.registry.inspections.schemas import InspectionFilter
from services.registry.inspections.sheet import INSPECTIONS, row_of
from services.registry.premises.deps import LedgerKeeper
from services.registry.units.import_sheet import RowsRefused, refused_file
from shared.http.routes import router
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download, uploaded
from shared.sheets.streaming import exported

routes = router(tags=["检查 · Inspections"])

LARGEST: Final = 32 * 1024 * 1024


class InspectionsImported(BaseModel):
    """How many past inspections were entered, and how many were there already."""

    entered: int
    same: int


@routes.get("/inspections.xlsx", response_class=Response, responses=WORKBOOK)
async def export(query: Annotated[InspectionFilter, Query()], caller: PlaceReader, registry: RegistryDep) -> Response:
    """All inspections that the same filter shows, as a workbook · 导出检查。"""
    async with registry.uow() as uow:

        async def rows() -> AsyncIterator[Sequence[Mapping[str, Any]]]:
            async for page in InspectionReader(uow, caller).pages(query.wanted()):
                names = await registry.people(uow, caller, (one.inspection.inspector for one in page))
                yield [row_of(one, names) for one in page]

        content = await exported(INSPECTIONS, rows())
    return download(content, "检查 inspections.xlsx")


@routes.get("/inspections/template.xlsx", response_class=Response, responses=WORKBOOK)
async def template(caller: Staff) -> Response:
    """An empty table of past inspections with drop-downs and notes · 检查导入模板。"""
    return download(await asyncio.to_thread(INSPECTIONS.template), "检查模板 inspections.xlsx")


@routes.post(
    "/inspections/import", max_body_size=LARGEST, response_model=InspectionsImported, openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)  # fmt: skip
async def import_(request: Request, caller: LedgerKeeper, registry: RegistryDep) -> InspectionsImported | Response:
    """Enter the past inspections of a table (up to 50,000), all or nothing; again the second time it changes nothing.
    They open no hazards. Refused rows come back as a file with a column that says why · 导入检查。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(INSPECTIONS.read, content)
    try:
        if reading.refusals:
            raise RowsRefused(reading.refusals)
        async with registry.uow() as uow:
            imported, refused = await import_inspections(reading.rows, caller, uow)
            if refused:
                raise RowsRefused([reading.refuse(row, INSPECTIONS.column(why.field), why) for row, why in refused])
    except RowsRefused as why:
        return await refused_file(INSPECTIONS, content, reading, why, "检查")
    return InspectionsImported(**asdict(imported))
