"""Deciding on what a unit asked for: always another person than who asked."""

from dataclasses import dataclass, replace
from typing import ClassVar

from services.dispatch.errors import NOTHING_ASKED
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.work_order import Request, WorkOrder


def decided(order: WorkOrder) -> tuple[Request, WorkOrder]:
    """What was asked for, and the work order without it. Raises Conflict where nothing is."""
    if order.asked is None:
        raise NOTHING_ASKED()
    return order.asked, replace(order, asked=None)


@dataclass(frozen=True, slots=True)
class Decline:
    """What was asked for is not granted; say why · 不予批准。"""

    action: ClassVar = Action.DECLINE
    why: str

    def apply(self, order: WorkOrder, _: Context) -> WorkOrder:
        return decided(order)[1]
