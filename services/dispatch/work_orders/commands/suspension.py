"""Suspension (挂账): time stands still for what cannot be done now, until somebody takes the work up again."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from services.dispatch.errors import UNTIL_PAST
from services.dispatch.work_orders.commands.deciding import decided
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import Action, Kind
from services.dispatch.work_orders.work_order import Request, WorkOrder


@dataclass(frozen=True, slots=True)
class AskSuspension:
    """The unit cannot go on now; say why, and until when if that is known · 申请挂账。"""

    action: ClassVar = Action.ASK_SUSPENSION
    why: str
    until: datetime | None = None

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        if self.until is not None and self.until <= context.now:
            raise UNTIL_PAST()
        return replace(order, asked=Request(Kind.SUSPENSION, context.by.id, context.now, self.why, until=self.until))


@dataclass(frozen=True, slots=True)
class GrantSuspension:
    """Suspend it as asked; what is left of the limit is kept · 批准挂账。"""

    action: ClassVar = Action.GRANT_SUSPENSION
    why: str

    def apply(self, order: WorkOrder, _: Context) -> WorkOrder:
        request, after = decided(order)
        return replace(after, suspended_until=request.until)


@dataclass(frozen=True, slots=True)
class Resume:
    """Work goes on, with what was left of the limit · 恢复办理。"""

    action: ClassVar = Action.RESUME

    def apply(self, order: WorkOrder, _: Context) -> WorkOrder:
        return replace(order, suspended_until=None)
