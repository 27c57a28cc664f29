"""Taking it up: accepting (签收) ends the limit to accept, starting (开始办理) says that work goes on."""

from dataclasses import dataclass
from typing import ClassVar

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.work_order import WorkOrder


@dataclass(frozen=True, slots=True)
class Accept:
    """The lead unit takes it as its own · 签收。"""

    action: ClassVar = Action.ACCEPT

    def apply(self, order: WorkOrder, _: Context) -> WorkOrder:
        return order


@dataclass(frozen=True, slots=True)
class Start:
    """Work has begun · 开始办理。"""

    action: ClassVar = Action.START

    def apply(self, order: WorkOrder, _: Context) -> WorkOrder:
        return order
