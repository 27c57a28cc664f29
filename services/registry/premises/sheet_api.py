"""Premises as Excel: what a filter shows, a template to fill in, and an import that takes all of a table or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.registry.deps import PlaceReader, RegistryDep, Staff
from services.registry.premises.deps import LedgerKeeper
from services.registry.premises.import_premises import Told, import_premises
from services.registry.premises.reading import PremisesReader
from services.registry.premises.schemas import PremisesFilter
from services.registry.premises.sheet import PREMISES, about_of, row_of
from services.registry.units.import_sheet import RowsRefused, refused_file
from shared.http.routes import router
from shared.http.types import MediumText, QueryModel
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download, uploaded
from shared.sheets.reading import Reading
from shared.sheets.streaming import exported

routes = router(tags=["场所 · Premises"])

LARGEST: Final = 32 * 1024 * 1024


class PremisesImported(BaseModel):
    """How many files were entered, how many changed, and how many said the same already."""

    entered: int
    changed: int
    same: int


class PremisesImportQuery(QueryModel):
    """`why` goes on the trail of each file that changes."""

    why: MediumText | None = None


@routes.get("/premises.xlsx", response_class=Response, responses=WORKBOOK)
async def export(query: Annotated[PremisesFilter, Query()], caller: PlaceReader, registry: RegistryDep) -> Response:
    """All premises that the same filter shows, as a workbook · 导出场所。"""
    async with registry.uow() as uow:
        content = await exported(PREMISES, _rows(PremisesReader(uow, caller, query.as_of), query))
    return download(content, "场所 premises.xlsx")


@routes.get("/premises/template.xlsx", response_class=Response, responses=WORKBOOK)
async def template(caller: Staff) -> Response:
    """An empty table of premises with drop-downs and notes · 场所导入模板。"""
    return download(await asyncio.to_thread(PREMISES.template), "场所模板 premises.xlsx")


@routes.post(
    "/premises/import", max_body_size=LARGEST, response_model=PremisesImported, openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)  # fmt: skip
async def import_(
    query: Annotated[PremisesImportQuery, Query()], request: Request, caller: LedgerKeeper, registry: RegistryDep
) -> PremisesImported | Response:
    """Enter and change the premises of a table (up to 50,000), all or nothing; again the second time it changes
    nothing. Refused rows come back as a file with a column that says why · 导入场所。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(PREMISES.read, content)
    try:
        if reading.refusals:
            raise RowsRefused(reading.refusals)
        rows = await asyncio.to_thread(_told, reading)
        async with registry.uow() as uow:
            imported, refused = await import_premises(rows, caller, uow, why=query.why)
            if refused:
                raise RowsRefused([reading.refuse(row, PREMISES.column(why.field), why) for row, why in refused])
    except RowsRefused as why:
        return await refused_file(PREMISES, content, reading, why, "场所")
    return PremisesImported(**asdict(imported))


def _told(reading: Reading) -> list[Told]:
    """Some seconds of a large table, so it is done in a thread."""
    return [Told(row, row.values["number"], about_of(row.values)) for row in reading.rows]


async def _rows(reader: PremisesReader, query: PremisesFilter) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    async for page in reader.pages(query.wanted()):
        yield [row_of(one) for one in page]
