"""Units as a table over HTTP: what `GET /units` finds, an empty template, and an import of all or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.registry.deps import Keeper, Reader, RegistryDep
from services.registry.units.import_sheet import RowsRefused, import_units, refused_file
from services.registry.units.reading import TreeReader
from services.registry.units.schemas import UnitFilter
from services.registry.units.sheet import UNITS, row_of
from shared.http.routes import router
from shared.http.types import MediumText, QueryModel
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download, uploaded
from shared.sheets.streaming import exported

routes = router(tags=["单位 · Units"])

LARGEST: Final = 16 * 1024 * 1024
_PAGE: Final = 500


class ImportedOut(BaseModel):
    """How many units were registered or changed, and how many were there already in the same state."""

    registered: int
    changed: int
    same: int


class ImportQuery(QueryModel):
    """`why` goes on the trail of each unit that changes."""

    why: MediumText | None = None


@routes.get("/units.xlsx", response_class=Response, responses=WORKBOOK)
async def export(query: Annotated[UnitFilter, Query()], caller: Reader, registry: RegistryDep) -> Response:
    """All units that `GET /units` finds with the same filter, as a workbook · 导出单位。"""
    async with registry.uow() as uow:
        tree = TreeReader(uow, query.as_of)

        async def rows() -> AsyncIterator[Sequence[Mapping[str, Any]]]:
            after: str | None = None
            while True:
                found, after = await tree.find(
                    parent=query.parent, kind=query.kind, q=query.q, limit=_PAGE, after=after
                )
                yield [row_of(unit) for unit in found]
                if after is None:
                    return

        content = await exported(UNITS, rows())
    return download(content, "单位 units.xlsx")


@routes.get("/units/template.xlsx", response_class=Response, responses=WORKBOOK)
async def template(caller: Reader) -> Response:
    """An empty table of units with drop-downs and notes · 单位导入模板。"""
    return download(await asyncio.to_thread(UNITS.template), "单位模板 units.xlsx")


@routes.post(
    "/units/import",
    max_body_size=LARGEST,
    response_model=ImportedOut,
    openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)
async def import_(
    query: Annotated[ImportQuery, Query()], request: Request, caller: Keeper, registry: RegistryDep
) -> ImportedOut | Response:
    """Register and change the units of a table, all or nothing. Refused rows come back as a file like the one sent,
    with a column that says why; nothing was changed then · 导入单位。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(UNITS.read, content)
    try:
        async with registry.uow() as uow:
            imported = await import_units(reading, caller, uow, registry.holders, why=query.why)
    except RowsRefused as refused:
        return await refused_file(UNITS, content, reading, refused, "单位")
    return ImportedOut(**asdict(imported))
