"""Closing (结案) what was verified."""

from dataclasses import dataclass, replace
from typing import ClassVar

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.work_order import WorkOrder


@dataclass(frozen=True, slots=True)
class Close:
    """It is verified and at its end · 结案。"""

    action: ClassVar = Action.CLOSE

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        return replace(order, closed_at=context.now)
