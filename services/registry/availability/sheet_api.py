"""Leave and shifts as Excel: what the lists show with the same filter, empty templates, imports of all or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.registry.availability.import_sheet import import_leave, import_shifts
from services.registry.availability.reading import LeaveReader, ShiftReader
from services.registry.availability.schemas import LeaveFilter, ShiftFilter
from services.registry.availability.sheet import LEAVE, SHIFTS, leave_row, shift_row
from services.registry.deps import Keeper, RegistryDep, Staff
from services.registry.units.import_sheet import RowsRefused, refused_file
from shared.http.routes import router
from shared.http.types import MediumText, QueryModel
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download, uploaded
from shared.sheets.streaming import exported

routes = router(tags=["在岗 · Availability"])

LARGEST: Final = 4 * 1024 * 1024
_Rows = AsyncIterator[Sequence[Mapping[str, Any]]]


class LeaveImported(BaseModel):
    """How many were entered as granted, and how many were there already."""

    entered: int
    same: int


class ShiftsImported(BaseModel):
    """How many shifts were planned, how many ended, and how many were there already as the table says."""

    planned: int
    ended: int
    same: int


class ShiftImportQuery(QueryModel):
    """`why` goes on the trail of each shift that is planned or ended."""

    why: MediumText | None = None


@routes.get("/leave.xlsx", response_class=Response, responses=WORKBOOK)
async def export_leave(query: Annotated[LeaveFilter, Query()], caller: Staff, registry: RegistryDep) -> Response:
    """All leave that the same filter shows, as a workbook · 导出请假。"""
    async with registry.uow() as uow:

        async def rows() -> _Rows:
            async for page in LeaveReader(uow, caller).pages(query.wanted()):
                names = await registry.names(uow, [leave.person for leave, _ in page])
                yield [leave_row(leave, unit, names.get(leave.person)) for leave, unit in page]

        content = await exported(LEAVE, rows())
    return download(content, "请假 leave.xlsx")


@routes.get("/leave/template.xlsx", response_class=Response, responses=WORKBOOK)
async def leave_template(caller: Staff) -> Response:
    """An empty table of leave with drop-downs and notes · 请假导入模板。"""
    return download(await asyncio.to_thread(LEAVE.template), "请假模板 leave.xlsx")


@routes.post(
    "/leave/import", max_body_size=LARGEST, response_model=LeaveImported, openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)  # fmt: skip
async def enter_leave(request: Request, caller: Keeper, registry: RegistryDep) -> LeaveImported | Response:
    """Enter the leave of a table as granted, all or nothing. Refused rows come back as a file with a column that says
    why · 导入请假。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(LEAVE.read, content)
    try:
        async with registry.uow() as uow:
            done = await import_leave(reading, caller, uow)
    except RowsRefused as refused:
        return await refused_file(LEAVE, content, reading, refused, "请假")
    return LeaveImported(entered=done["entered"], same=done["same"])


@routes.get("/shifts.xlsx", response_class=Response, responses=WORKBOOK)
async def export_shifts(query: Annotated[ShiftFilter, Query()], caller: Staff, registry: RegistryDep) -> Response:
    """All shifts that the same filter shows, as a workbook · 导出值班。"""
    async with registry.uow() as uow:

        async def rows() -> _Rows:
            async for page in ShiftReader(uow, caller).pages(query.wanted()):
                names = await registry.names(uow, [shift.person for shift, _ in page if shift.person])
                yield [shift_row(shift, unit, names.get(shift.person or "")) for shift, unit in page]

        content = await exported(SHIFTS, rows())
    return download(content, "值班 shifts.xlsx")


@routes.get("/shifts/template.xlsx", response_class=Response, responses=WORKBOOK)
async def shifts_template(caller: Staff) -> Response:
    """An empty table of shifts with drop-downs and notes · 值班导入模板。"""
    return download(await asyncio.to_thread(SHIFTS.template), "值班模板 shifts.xlsx")


@routes.post(
    "/shifts/import", max_body_size=LARGEST, response_model=ShiftsImported, openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)  # fmt: skip
async def plan_shifts(
    query: Annotated[ShiftImportQuery, Query()], request: Request, caller: Keeper, registry: RegistryDep
) -> ShiftsImported | Response:
    """Plan and end the shifts of a table, all or nothing. Refused rows come back as a file with a column that says
    why · 导入值班。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(SHIFTS.read, content)
    try:
        async with registry.uow() as uow:
            done = await import_shifts(reading, caller, uow, why=query.why)
    except RowsRefused as refused:
        return await refused_file(SHIFTS, content, reading, refused, "值班")
    return ShiftsImported(planned=done["planned"], ended=done["ended"], same=done["same"])
