"""Work orders as a workbook: exactly what the inbox or the list shows with the same filter, read and written in parts."""

from typing import Annotated, Final

from services.dispatch.deps import Dispatch, DispatchDep
from services.dispatch.errors import ROWS_TOO_MANY
from services.dispatch.work_orders.deps import context_of
from services.dispatch.work_orders.filter_reading import Filter
from services.dispatch.work_orders.reading import View, WorkOrderReader
from services.dispatch.work_orders.schemas import FilterQuery, ListFilterQuery
from services.dispatch.work_orders.sheet import WORK_ORDERS, row_of
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, export_route

routes = router(tags=["工单 · Work orders"])

Reader = Annotated[Principal, signed_in()]
MOST: Final = 20_000


def _inbox(query: FilterQuery, call: Call[Dispatch]) -> Pages:
    return _rows(View.INBOX, query.inbox_of(call.caller), call)


def _list(query: ListFilterQuery, call: Call[Dispatch]) -> Pages:
    return _rows(View.LIST, query.wanted(call.caller), call)


async def _rows(view: View, wanted: Filter, call: Call[Dispatch]) -> Pages:
    context = await context_of(call.uow, call.caller, call.service)
    written = 0
    async for page in WorkOrderReader(call.uow, call.caller).pages(view, wanted, MOST):
        written += len(page)
        if written > MOST:
            raise ROWS_TOO_MANY(most=MOST, data={"most": MOST})
        yield [row_of(order, context) for order in page]


export_route(routes, WORK_ORDERS, "/inbox", service=DispatchDep, sees=Reader, filter=FilterQuery, rows=_inbox)
export_route(routes, WORK_ORDERS, "/work-orders", service=DispatchDep, sees=Reader, filter=ListFilterQuery, rows=_list)
