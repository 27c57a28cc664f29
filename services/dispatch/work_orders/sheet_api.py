"""Work orders as a workbook: exactly what the inbox or the list shows with the same filter, read and written in parts."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import Query, Response

from services.dispatch.deps import Dispatch, DispatchDep
from services.dispatch.errors import TOO_MANY_ROWS
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.deps import context_of
from services.dispatch.work_orders.filter_reading import Filter
from services.dispatch.work_orders.reading import View, WorkOrderReader
from services.dispatch.work_orders.schemas import FilterQuery, ListFilterQuery
from services.dispatch.work_orders.sheet import WORK_ORDERS, row_of
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.http.routes import router
from shared.http.uploads import WORKBOOK, download
from shared.sheets.streaming import exported

routes = router(tags=["工单 · Work orders"])

Reader = Annotated[Principal, signed_in()]
MOST: Final = 20_000


@routes.get("/inbox.xlsx", response_class=Response, responses=WORKBOOK)
async def inbox(query: Annotated[FilterQuery, Query()], caller: Reader, dispatch: DispatchDep) -> Response:
    """The inbox with the same filter as a workbook · 导出收件箱，内容与当前筛选一致。"""
    return await _table(View.INBOX, query.inbox_of(caller), caller, dispatch)


@routes.get("/work-orders.xlsx", response_class=Response, responses=WORKBOOK)
async def find(query: Annotated[ListFilterQuery, Query()], caller: Reader, dispatch: DispatchDep) -> Response:
    """The list with the same filter as a workbook · 导出工单列表，内容与当前筛选一致。"""
    return await _table(View.LIST, query.wanted(caller), caller, dispatch)


async def _table(view: View, wanted: Filter, caller: Principal, dispatch: Dispatch) -> Response:
    async with dispatch.uow() as uow:
        context = await context_of(uow, caller, dispatch)
        reader = WorkOrderReader(uow.connection, caller, uow.now)
        content = await exported(WORK_ORDERS, _rows(reader.pages(view, wanted, MOST), context))
    return download(content, "工单 work-orders.xlsx")


async def _rows(pages: AsyncIterator[list[WorkOrder]], context: Context) -> AsyncIterator[list[dict[str, Any]]]:
    written = 0
    async for page in pages:
        written += len(page)
        if written > MOST:
            raise TOO_MANY_ROWS(most=MOST, data={"most": MOST})
        yield [row_of(order, context) for order in page]
