"""Work orders over HTTP: the inbox of a unit, one work order with its trail, and an endpoint for each command."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from services.dispatch.deps import DispatchDep
from services.dispatch.errors import FILTER_REQUIRED, WORK_ORDER_NOT_FOUND
from services.dispatch.schema import tables
from services.dispatch.work_orders.act import act_on
from services.dispatch.work_orders.commands import COMMANDS
from services.dispatch.work_orders.lifecycle import roles_of
from services.dispatch.work_orders.moving import Command
from services.dispatch.work_orders.reading import Filter, WorkOrderReader
from services.dispatch.work_orders.schemas import (
    CountsQuery,
    InboxCounts,
    InboxQuery,
    ListQuery,
    WorkOrderOut,
    WorkOrderPage,
    body_of,
    shown,
)
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.permissions import may, signed_in
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.http.etags import ExpectedVersion, answer
from shared.http.routes import router
from shared.http.types import Id
from shared.trail.read import TrailOut, trail_of

routes = router(tags=["工单 · Work orders"])

Reader = Annotated[Principal, signed_in()]


@routes.get("/inbox")
async def inbox(query: Annotated[InboxQuery, Query()], caller: Reader, dispatch: DispatchDep) -> WorkOrderPage:
    """The work orders that a unit leads, sorted by what is due next · 单位收件箱，按到期先后。"""
    async with dispatch.uow() as uow:
        reader = WorkOrderReader(uow.connection, caller)
        orders, following = await reader.inbox(_filter(query, caller), limit=query.limit, after=query.after)
        return WorkOrderPage(items=[shown(order, uow.now) for order in orders], next=following)


@routes.get("/inbox/counts")
async def inbox_counts(query: Annotated[CountsQuery, Query()], caller: Reader, dispatch: DispatchDep) -> InboxCounts:
    """How many work orders a unit has in each state, and how many are past due · 收件箱统计。"""
    wanted = _filter(query, caller)
    async with dispatch.uow() as uow:
        by_state, overdue = await WorkOrderReader(uow.connection, caller).counts(wanted, uow.now)
    return InboxCounts(unit=wanted.unit or "*", by_state=by_state, overdue=overdue)


@routes.get("/work-orders")
async def find(query: Annotated[ListQuery, Query()], caller: Reader, dispatch: DispatchDep) -> WorkOrderPage:
    """Work orders by report ids (up to 90), number or area · 按民情、编号或区域查工单。"""
    if not (query.report_id or query.number or query.area):
        raise FILTER_REQUIRED()
    async with dispatch.uow() as uow:
        orders, following = await WorkOrderReader(uow.connection, caller).find(
            report_ids=query.report_id, number=query.number, area=query.area, limit=query.limit, after=query.after
        )
        return WorkOrderPage(items=[shown(order, uow.now) for order in orders], next=following)


@routes.get("/work-orders/{work_order_id}")
async def read(work_order_id: Id, caller: Reader, dispatch: DispatchDep, response: Response) -> WorkOrderOut:
    """One work order; its ETag is what If-Match wants · 单张工单。"""
    async with dispatch.uow() as uow:
        order = await _visible(uow, caller, work_order_id)
        answer(response, order.version)
        return shown(order, uow.now)


@routes.get("/work-orders/{work_order_id}/trail")
async def trail(work_order_id: Id, caller: Reader, dispatch: DispatchDep) -> TrailOut:
    """Everything that happened to it, hash-chained · 留痕。"""
    async with dispatch.uow() as uow:
        await _visible(uow, caller, work_order_id)
        return await trail_of(uow.connection, tables, work_order_id)


def _serve(command: type[Command]) -> None:
    """The endpoint of one command: its body, its text, and the roles that the table names for its action."""

    async def act(
        work_order_id: Id,
        body: Any,  # set below, as is who may call
        version: ExpectedVersion,
        caller: Principal,
        dispatch: DispatchDep,
        response: Response,
    ) -> WorkOrderOut:
        async with dispatch.uow() as uow:
            order = await act_on(
                work_order_id,
                version,
                command(**dict(body)),
                caller,
                uow,
                projection=dispatch.projection,
                calendar=dispatch.calendar,
            )
            done = shown(order, uow.now)
        answer(response, order.version)
        return done

    act.__annotations__ |= {
        "body": body_of(command),
        "caller": Annotated[Principal, may(*roles_of(command.action))],
    }
    path = f"/work-orders/{{work_order_id}}/{command.action}"
    routes.post(path, name=command.action.replace("-", "_"), description=command.__doc__)(act)


for _command in COMMANDS:
    _serve(_command)


def _filter(query: CountsQuery, caller: Principal) -> Filter:
    return Filter(query.unit or caller.unit, query.below, query.state, query.asked)


async def _visible(uow: UnitOfWork, caller: Principal, work_order_id: UUID) -> WorkOrder:
    order = await WorkOrderReader(uow.connection, caller).one(work_order_id)
    if order is None:
        raise WORK_ORDER_NOT_FOUND()
    return order
