"""People's facts as Excel: what `GET /people` finds, and an import of all or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.registry.composition.deps import CipherDep
from services.registry.composition.import_sheet import import_facts
from services.registry.composition.reading import PeopleReader
from services.registry.composition.schemas import PeopleFilter
from services.registry.composition.sheet import PEOPLE, row_of
from services.registry.deps import Keeper, RegistryDep
from services.registry.units.import_sheet import RowsRefused, refused_file
from shared.http.routes import router
from shared.http.types import MediumText, QueryModel
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download, uploaded
from shared.sheets.streaming import exported

routes = router(tags=["队伍 · Staff"])

LARGEST: Final = 4 * 1024 * 1024


class PeopleImported(BaseModel):
    """Of how many people something new was stated, and how many were as the table says already."""

    stated: int
    same: int


class PeopleImportQuery(QueryModel):
    """`why` goes on the trail of each person of whom something new is stated."""

    why: MediumText | None = None


@routes.get("/people.xlsx", response_class=Response, responses=WORKBOOK)
async def export(
    query: Annotated[PeopleFilter, Query()], caller: Keeper, registry: RegistryDep, cipher: CipherDep
) -> Response:
    """All people that the same filter shows, to be filled in and imported · 导出人员情况。"""
    async with registry.uow() as uow:

        async def rows() -> AsyncIterator[Sequence[Mapping[str, Any]]]:
            async for page in PeopleReader(uow, caller, cipher, query.as_of).pages(query.area):
                names = await registry.names(uow, [one.person for one in page])
                yield [row_of(one, names.get(one.person)) for one in page]

        content = await exported(PEOPLE, rows())
    return download(content, "人员情况 people.xlsx")


@routes.get("/people/template.xlsx", response_class=Response, responses=WORKBOOK)
async def template(caller: Keeper) -> Response:
    """An empty table of people with drop-downs and notes; the export is one with everybody in it · 人员情况模板。"""
    return download(await asyncio.to_thread(PEOPLE.template), "人员情况模板 people.xlsx")


@routes.post(
    "/people/import", max_body_size=LARGEST, response_model=PeopleImported, openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)  # fmt: skip
async def import_(
    query: Annotated[PeopleImportQuery, Query()], request: Request, caller: Keeper, registry: RegistryDep,
    cipher: CipherDep,
) -> PeopleImported | Response:  # fmt: skip
    """State what a table says of people, all or nothing. Refused rows come back as a file with a column that says
    why · 导入人员情况。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(PEOPLE.read, content)
    try:
        async with registry.uow() as uow:
            done = await import_facts(reading, caller, uow, cipher, why=query.why)
    except RowsRefused as refused:
        return await refused_file(PEOPLE, content, reading, refused, "人员情况")
    return PeopleImported(stated=done["stated"], same=done["same"])
