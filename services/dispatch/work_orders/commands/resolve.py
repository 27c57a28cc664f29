"""Resolving (办结): the unit says that it is done. What it had asked for and was not decided lapses."""

from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.work_order import WorkOrder


@dataclass(frozen=True, slots=True)
class Resolve:
    """It is done; say what was done, with photos of before and after where there are any · 办结。"""

    action: ClassVar = Action.RESOLVE
    result: str
    before: tuple[UUID, ...] = ()
    after: tuple[UUID, ...] = ()

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        return replace(order, result=self.result, result_photos=self.after, resolved_by=context.by.id, asked=None)
