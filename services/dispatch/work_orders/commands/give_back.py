"""Returning (退单) what is not one's own: the dispatcher gets a new limit to find who must act."""

from dataclasses import dataclass, replace
from typing import ClassVar

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.suitability import require_suitable
from services.dispatch.work_orders.work_order import WorkOrder


@dataclass(frozen=True, slots=True)
class Return:
    """Give it back to the dispatcher, with the reason and, where known, who should have it · 退单。"""

    action: ClassVar = Action.RETURN
    why: str
    suggested_unit: str | None = None

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        if self.suggested_unit:
            require_suitable(self.suggested_unit, order, context.tree, context.day, field="suggested_unit")
        return replace(
            order,
            lead_unit=None,
            function_held=True,
            exception_until=None,
            returns=order.returns + 1,
            returned_why=self.why,
            suggested_unit=self.suggested_unit,
        )
