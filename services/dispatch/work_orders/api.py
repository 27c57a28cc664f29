"""Work orders over HTTP: the inbox of a unit, one work order with its trail, and the actions of the lifecycle."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.dispatch.deps import DispatchDep
from services.dispatch.schema import tables
from services.dispatch.unit_of_work import DispatchUnitOfWork
from services.dispatch.work_orders.act import act_on
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.reading import InboxReader
from services.dispatch.work_orders.schemas import (
    ActionBody,
    InboxCounts,
    InboxQuery,
    ListQuery,
    WorkOrderOut,
    WorkOrderPage,
    shown,
)
from services.dispatch.work_orders.work_order import Order, WorkOrder
from shared.auth.permissions import may, signed_in
from shared.auth.principal import Principal, Role
from shared.errors import Invalid, NotFound
from shared.http.etags import ExpectedVersion, answer
from shared.http.routes import router
from shared.http.types import Id
from shared.trail.read import TrailOut, trail_of

routes = router(tags=["工单 · Work orders"])

Reader = Annotated[Principal, signed_in()]
Worker = Annotated[
    Principal,
    may(Role.DEPARTMENT_HANDLER, Role.GRID_WORKER, Role.LEADER, Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN),
]


@routes.get("/inbox")
async def inbox(query: Annotated[InboxQuery, Query()], caller: Reader, dispatch: DispatchDep) -> WorkOrderPage:
    """The work orders that a unit leads, sorted by what is due next · 单位收件箱，按到期先后。"""
    async with dispatch.uow() as uow:
        orders, following = await _reader(uow, caller).inbox(
            query.unit or caller.unit, below=query.below, state=query.state, limit=query.limit, after=query.after
        )
        return WorkOrderPage(items=[shown(order, uow.now) for order in orders], next=following)


@routes.get("/inbox/counts")
async def inbox_counts(query: Annotated[InboxQuery, Query()], caller: Reader, dispatch: DispatchDep) -> InboxCounts:
    """How many work orders a unit has in each state, and how many are past due · 收件箱统计。"""
    unit = query.unit or caller.unit
    async with dispatch.uow() as uow:
        by_state, overdue = await _reader(uow, caller).counts(unit, below=query.below, now=uow.now)
    return InboxCounts(unit=unit or "*", by_state=by_state, overdue=overdue)


@routes.get("/work-orders")
async def find(query: Annotated[ListQuery, Query()], caller: Reader, dispatch: DispatchDep) -> WorkOrderPage:
    """Work orders by report ids (up to 90), number or area · 按民情、编号或区域查工单。"""
    if not (query.report_id or query.number or query.area):
        raise Invalid(
            "filter_required",
            "请至少给出 report_id、number 或 area 之一。",
            "Give at least one of report_id, number or area.",
        )
    async with dispatch.uow() as uow:
        orders = await _reader(uow, caller).find(
            report_ids=query.report_id, number=query.number, area=query.area, limit=query.limit
        )
        return WorkOrderPage(items=[shown(order, uow.now) for order in orders])


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


@routes.post("/work-orders/{work_order_id}/{action}")
async def act(
    work_order_id: Id,
    action: Action,
    body: ActionBody,
    version: ExpectedVersion,
    caller: Worker,
    dispatch: DispatchDep,
    response: Response,
) -> WorkOrderOut:
    """Do `action` to the work order as you read it (If-Match); refused with what is possible otherwise · 办理动作。"""
    wanted = Order(action, lead_unit=body.lead_unit, why=body.why, result=body.result)
    async with dispatch.uow() as uow:
        order = await act_on(work_order_id, version, wanted, caller, uow, calendar=dispatch.calendar)
        after = shown(order, uow.now)
    answer(response, order.version)
    return after


def _reader(uow: DispatchUnitOfWork, caller: Principal) -> InboxReader:
    return InboxReader(uow.connection, uow.projection, caller.reach)


async def _visible(uow: DispatchUnitOfWork, caller: Principal, work_order_id: UUID) -> WorkOrder:
    order = await _reader(uow, caller).one(work_order_id)
    if order is None:
        raise NotFound(
            "work_order_not_found",
            "没有这张工单，或您无权查看。",
            "There is no such work order, or it is not yours to see.",
        )
    return order
