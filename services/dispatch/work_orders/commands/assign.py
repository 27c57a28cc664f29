"""Assigning (派单), and assigning anew (改派) as long as nobody has accepted."""

from dataclasses import dataclass, replace
from typing import ClassVar

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.suitability import require_suitable
from services.dispatch.work_orders.work_order import WorkOrder


@dataclass(frozen=True, slots=True)
class Assign:
    """Name the unit that must act; it gets a new limit to accept · 派单、改派。"""

    action: ClassVar = Action.ASSIGN
    lead_unit: str
    why: str | None = None

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        require_suitable(self.lead_unit, order.place.area, context.tree, context.day, field="lead_unit")
        return replace(order, lead_unit=self.lead_unit)
