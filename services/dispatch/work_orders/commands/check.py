"""The check on the spot (核查): never by who resolved it. What fails goes back to work under the same limit (返工)."""

from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from services.dispatch.errors import PHOTO_MISSING
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Role


@dataclass(frozen=True, slots=True)
class Verify:
    """Checked on the spot, and good; a grid worker's check has a photo where the catalogue asks for one · 核查通过。"""

    action: ClassVar = Action.VERIFY
    photos: tuple[UUID, ...] = ()

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        if order.check_photo and context.by.role == Role.GRID_WORKER and not self.photos:
            raise PHOTO_MISSING()
        return order


@dataclass(frozen=True, slots=True)
class Rework:
    """Checked on the spot, and not good; say what is wanting, with photos where there are any · 核查不通过，返工。"""

    action: ClassVar = Action.REWORK
    why: str
    photos: tuple[UUID, ...] = ()

    def apply(self, order: WorkOrder, _: Context) -> WorkOrder:
        return replace(order, reworks=order.reworks + 1)
