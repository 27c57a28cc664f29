"""Deciding on what a unit asked for: always another person than who asked."""

from dataclasses import dataclass, replace
from typing import ClassVar

from services.dispatch.errors import NOTHING_ASKED, OWN_REQUEST
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.moving import Context
from services.dispatch.work_orders.work_order import Request, WorkOrder


def decided(order: WorkOrder, context: Context) -> tuple[Request, WorkOrder]:
    """What was asked for, and the work order without it. Raises Forbidden where it is the caller's own request."""
    if order.asked is None:
        raise NOTHING_ASKED()
    if order.asked.by == context.by.id:
        raise OWN_REQUEST()
    return order.asked, replace(order, asked=None)


@dataclass(frozen=True, slots=True)
class Deny:
    """What was asked for is not granted; say why · 不予批准。"""

    action: ClassVar = Action.DENY
    why: str

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        return decided(order, context)[1]
