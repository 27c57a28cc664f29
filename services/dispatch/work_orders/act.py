"""A person acts on a work order: the table decides what is possible, role and place who may."""

from datetime import date
from uuid import UUID

from services.dispatch.unit_of_work import DispatchUnitOfWork
from services.dispatch.work_orders.lifecycle import Action, Where, transition
from services.dispatch.work_orders.work_order import Order, WorkOrder, act
from shared.auth.principal import Principal
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.units.tree import UnitTree
from shared.worktime.calendar import Calendar


async def act_on(
    work_order_id: UUID,
    version: int,
    wanted: Order,
    caller: Principal,
    uow: DispatchUnitOfWork,
    *,
    calendar: Calendar,
) -> WorkOrder:
    """The work order after `wanted`. Raises NotFound, Conflict (another version, or not possible in this state),
    Forbidden and Invalid; nothing is changed then."""
    order = (await uow.work_orders.load([work_order_id])).get(work_order_id)
    tree = await uow.units()
    if order is None or not sees(caller, order, tree):
        raise NotFound(
            "work_order_not_found",
            "没有这张工单，或您无权查看。",
            "There is no such work order, or it is not yours to see.",
        )
    if order.version != version:
        raise Conflict(
            "version_mismatch",
            "这张工单刚刚被他人处理，请刷新后重试。",
            "Somebody acted on this work order meanwhile; reload it and try again.",
            data={"version": order.version, "state": order.state},
        )
    row = transition(order.state, wanted.action)
    if caller.role not in row.roles or not _competent(caller, order, row.where, tree):
        raise Forbidden(
            "not_competent",
            "您的角色或所在单位不能对该工单执行此操作。",
            "Your role or unit may not do this to this work order.",
            data={"action": wanted.action, "roles": sorted(row.roles)},
        )
    if wanted.action is Action.ASSIGN and wanted.lead_unit:
        _check_lead(wanted.lead_unit, tree, uow.today)
    change = act(order, wanted, by=caller.actor(), now=uow.now, calendar=calendar)
    uow.work_orders.put(change)
    return change.after


def sees(caller: Principal, order: WorkOrder, tree: UnitTree) -> bool:
    """Whether the work order lies in the caller's part of the tree, by its lead unit or its area."""
    return any(tree.covers(caller.reach, unit) for unit in (order.lead_unit, order.area) if unit)


def _check_lead(code: str, tree: UnitTree, day: date) -> None:
    unit = tree.get(code)
    if unit is None or not unit.valid_on(day):
        raise Invalid(
            "unit_unknown",
            "没有这个单位，请从单位树中选择。",
            "There is no such unit; choose one from the unit tree.",
            field="lead_unit",
        )


def _competent(caller: Principal, order: WorkOrder, where: Where, tree: UnitTree) -> bool:
    unit = order.lead_unit if where is Where.LEAD else order.area
    return unit is not None and tree.covers(caller.reach, unit)
