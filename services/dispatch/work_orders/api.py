"""Work orders over HTTP: the inbox of a unit, one work order with its trail, and an endpoint for each command."""

from typing import Annotated

from fastapi import Query

from services.dispatch.deps import Dispatch, DispatchDep
from services.dispatch.schema import tables
from services.dispatch.work_orders.act import act_on
from services.dispatch.work_orders.commands import COMMANDS
from services.dispatch.work_orders.deps import context_of
from services.dispatch.work_orders.filter_reading import Filter
from services.dispatch.work_orders.lifecycle import Action, roles_of
from services.dispatch.work_orders.moving import Command
from services.dispatch.work_orders.reading import View, WorkOrderReader
from services.dispatch.work_orders.schemas import (
    WORDS,
    Candidates,
    FilterQuery,
    InboxCounts,
    InboxQuery,
    ListQuery,
    WorkOrderOut,
    chosen_from,
    counted,
    shown,
)
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.permissions import may, signed_in
from shared.auth.principal import Principal
from shared.http.call import Call
from shared.http.commands import body_of
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import Id, StrictModel
from shared.trail.read import TrailOut, trail_of

routes = router(tags=["工单 · Work orders"])

Reader = Annotated[Principal, signed_in()]
Dispatcher = Annotated[Principal, may(*roles_of(Action.ASSIGN))]


@routes.get("/inbox")
async def inbox(query: Annotated[InboxQuery, Query()], caller: Reader, dispatch: DispatchDep) -> PageOut[WorkOrderOut]:
    """The work orders of a unit, sorted by what is due next: what it leads, and for those who dispatch, supervise or lead
    also what lies below. Without a state or task, those with something due · 单位收件箱，按到期先后。"""
    return await _page(View.INBOX, query.inbox_of(caller), query, caller, dispatch)


@routes.get("/inbox/counts")
async def inbox_counts(query: Annotated[FilterQuery, Query()], caller: Reader, dispatch: DispatchDep) -> InboxCounts:
    """How many work orders the inbox has with the same filter, by state and light · 收件箱统计。"""
    wanted = query.inbox_of(caller)
    async with dispatch.uow() as uow:
        counts = await WorkOrderReader(uow, caller).counts(wanted)
    return counted(wanted.unit, counts)


@routes.get("/work-orders")
async def find(query: Annotated[ListQuery, Query()], caller: Reader, dispatch: DispatchDep) -> PageOut[WorkOrderOut]:
    """Work orders in every state, newest first, by any filter · 查工单，新的在前。"""
    return await _page(View.LIST, query.wanted(caller), query, caller, dispatch)


orders = Things(routes, "/work-orders/{work_order_id}", DispatchDep, roles_of)


@orders.get(Reader)
async def read(work_order_id: Id, call: Call[Dispatch]) -> WorkOrderOut:
    """One work order; its ETag is what If-Match wants · 单张工单。"""
    return await _shown(await WorkOrderReader(call.uow, call.caller).one(work_order_id), call)


@routes.get("/work-orders/{work_order_id}/candidates")
async def candidates(work_order_id: Id, caller: Dispatcher, dispatch: DispatchDep) -> Candidates:
    """Whom it may be given to: the suggested unit first, then who holds the function, nearest first · 可派单位。"""
    async with dispatch.uow() as uow:
        order = await WorkOrderReader(uow, caller).one(work_order_id)
        context = await context_of(uow, caller, dispatch)
        loads = await WorkOrderReader(uow, caller).loads()
    return Candidates(items=chosen_from(order, context, loads))


@routes.get("/work-orders/{work_order_id}/trail")
async def trail(work_order_id: Id, caller: Reader, dispatch: DispatchDep) -> TrailOut:
    """Everything that happened to it, hash-chained · 留痕。"""
    async with dispatch.uow() as uow:
        await WorkOrderReader(uow, caller).one(work_order_id)
        return await trail_of(uow.connection, tables, work_order_id)


def _serve(command: type[Command]) -> None:
    """The endpoint of one command: its body and its text are the command's."""

    async def do(work_order_id: Id, version: ExpectedVersion, body: StrictModel, call: Call[Dispatch]) -> WorkOrderOut:
        context = await context_of(call.uow, call.caller, call.service)
        done = command(**dict(body))
        return await _shown(await act_on(work_order_id, version, done, call.caller, context, call.uow), call)

    do.__annotations__["body"], do.__doc__ = body_of(command, WORDS), command.__doc__
    orders.on(command.action)(do)


for _command in COMMANDS:
    _serve(_command)


async def _page(
    view: View, wanted: Filter, page: InboxQuery | ListQuery, caller: Principal, dispatch: Dispatch
) -> PageOut[WorkOrderOut]:
    async with dispatch.uow() as uow:
        reader = WorkOrderReader(uow, caller)
        found = await reader.page(view, wanted, limit=page.limit, after=page.after)
        context, photos = await context_of(uow, caller, dispatch), await reader.photos(found.rows)
        return PageOut.of(found, lambda order: shown(order, caller, context, photos))


async def _shown(order: WorkOrder, call: Call[Dispatch]) -> WorkOrderOut:
    context = await context_of(call.uow, call.caller, call.service)
    photos = await WorkOrderReader(call.uow, call.caller).photos([order])
    return shown(order, call.caller, context, photos)
