"""Assigning (派单), and assigning anew (改派) as long as nobody has accepted."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from services.dispatch.errors import EXCEPTION_INCOMPLETE
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.routing import holds
from services.dispatch.work_orders.suitability import require_suitable
from services.dispatch.work_orders.work_order import WorkOrder


@dataclass(frozen=True, slots=True)
class Assign:
    """Name the unit that must act; it gets a new limit to accept. What the catalogue leaves to the street goes to a
    community or grid only as an urgent exception: with a reason and `exception_until` · 派单、改派。"""

    action: ClassVar = Action.ASSIGN
    lead_unit: str
    why: str | None = None
    exception_until: datetime | None = None

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        until = self.exception_until
        if until is not None and (until <= context.now or not self.why):
            raise EXCEPTION_INCOMPLETE()
        unit = require_suitable(
            self.lead_unit, order, context.tree, context.day, field="lead_unit", exception=until is not None
        )
        return replace(order, lead_unit=unit.code, function_held=holds(unit, order.function), exception_until=until)
