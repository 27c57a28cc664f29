"""A person acts on a work order: the table decides what is possible, role and place who may."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from services.dispatch.errors import NOT_COMPETENT, WORK_ORDER_NOT_FOUND
from services.dispatch.schema import files
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import LIFE
from services.dispatch.work_orders.moving import Command, moved
from services.dispatch.work_orders.rules import competent
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.files.attach import attach
from shared.files.table import Thing
from shared.units.tree import UnitTree

_USES: Final[Mapping[str, str]] = {"before": "before", "after": "after", "photos": "verification"}
"""The fields of commands that name photos, and what these show."""


async def act_on(
    work_order_id: UUID, version: int, command: Command, caller: Principal, context: Context, uow: UnitOfWork
) -> WorkOrder:
    """The work order after `command`; `context` is that of the caller. Raises NotFound, Conflict (another version, or not
    possible as things stand), Forbidden and Invalid; nothing is changed then."""
    store = WorkOrders.of(uow)
    order = (await store.load([work_order_id])).get(work_order_id)
    if order is None or not sees(caller, order, context.tree):
        raise WORK_ORDER_NOT_FOUND()
    require_version(version, order.version, state=order.state)
    step = LIFE.move(order.state, command.action)
    if not competent(caller, order, step, context.tree):
        roles = sorted(step.roles | step.area_roles)
        raise NOT_COMPETENT(data={"action": command.action, "roles": roles})
    change = moved(order, command, context)
    store.put(change)
    for field, use in _USES.items():
        if photos := getattr(command, field, ()):
            await attach(uow, files, photos, Thing(WorkOrders.kind, order.id, use), caller.subject)
    return change.after


def sees(caller: Principal, order: WorkOrder, tree: UnitTree) -> bool:
    """Whether the work order lies in the caller's part of the tree (what `Scope` says in SQL)."""
    return any(tree.covers(caller.reach, unit) for unit in (order.lead_unit, order.place.area) if unit)
