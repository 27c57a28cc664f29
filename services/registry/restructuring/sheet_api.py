"""Restructurings as Excel: a template, an import that drafts one, and a plan with what each of its units owns."""

import asyncio
from typing import Annotated, Final

from fastapi import Query, Request, Response

from services.registry.deps import Keeper, RegistryDep, Staff
from services.registry.restructuring.api import named_plan
from services.registry.restructuring.import_sheet import import_plan
from services.registry.restructuring.preview import preview
from services.registry.restructuring.schemas import RestructuringOut
from services.registry.restructuring.sheet import PLAN, rows_of
from services.registry.restructuring.store import RestructuringReader
from shared.http.call import Call
from shared.http.days import Day
from shared.http.etags import answer
from shared.http.routes import router
from shared.http.sheets import LARGEST, refused_file, sent_table, template_route
from shared.http.types import Id, MediumText, QueryModel
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download
from shared.sheets.taking import RowsRefused

routes = router(tags=["单位调整 · Restructuring"])

MOST: Final = 10_000
"""Rows of one plan: the groups of some counties."""


class RestructuringImportQuery(QueryModel):
    """At whose 00:00 the plan takes effect (today: at once), and why."""

    effective_from: Day
    why: MediumText


template_route(routes, PLAN, "/restructurings", sees=Staff)


@routes.post(
    "/restructurings/import",
    status_code=201,
    max_body_size=LARGEST,
    response_model=RestructuringOut,
    openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)
async def import_(
    query: Annotated[RestructuringImportQuery, Query()], request: Request, caller: Keeper, registry: RegistryDep,
    response: Response,
) -> RestructuringOut | Response:  # fmt: skip
    """Draft a plan from a table. Rows that cannot be done come back as a file like the one sent, with a column that says
    why; there is no draft then · 导入调整方案。"""
    called = await registry.by_name(registry.uow, caller, PLAN.kinds)
    sent = await sent_table(request, PLAN, MOST, called)
    try:
        async with registry.uow() as uow:
            plan = await import_plan(sent, query.effective_from, query.why, caller, uow)
            out = await named_plan(plan, Call(caller, uow, registry))
    except RowsRefused as refused:
        return await refused_file(refused)
    answer(response, out.version)
    return out


@routes.get("/restructurings/{restructuring_id}/plan.xlsx", response_class=Response, responses=WORKBOOK)
async def export(restructuring_id: Id, caller: Staff, registry: RegistryDep) -> Response:
    """The plan as a table that can be sent again, with what each unit owns · 导出方案。"""
    async with registry.uow() as uow:
        plan = await RestructuringReader(uow, caller).one(restructuring_id)
        found = await preview(plan, caller, uow)
    content = await asyncio.to_thread(PLAN.export, rows_of(plan.steps, found))
    return download(content, f"调整方案 {plan.number}.xlsx")
