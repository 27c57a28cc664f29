"""Extension (延期): more time after what was promised. A further one is for the street's leader to grant."""

from dataclasses import dataclass, replace
from typing import ClassVar

from services.dispatch.work_orders.commands.deciding import decided
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import Action, Kind
from services.dispatch.work_orders.work_order import Request, WorkOrder
from shared.errors import Invalid
from shared.worktime.limits import parse_limit


@dataclass(frozen=True, slots=True)
class AskExtension:
    """The unit needs more time; say why and how much, e.g. `3wd` · 申请延期。"""

    action: ClassVar = Action.ASK_EXTENSION
    why: str
    more: str

    def apply(self, order: WorkOrder, context: Context) -> WorkOrder:
        try:
            more = str(parse_limit(self.more))
        except Invalid as error:
            error.field = "more"
            raise
        return replace(order, asked=Request(Kind.EXTENSION, context.by.id, context.now, self.why, more=more))


@dataclass(frozen=True, slots=True)
class GrantExtension:
    """Give the time that was asked for, after what was promised · 批准延期。"""

    action: ClassVar = Action.GRANT_EXTENSION
    why: str

    def apply(self, order: WorkOrder, _: Context) -> WorkOrder:
        return replace(decided(order)[1], extensions=order.extensions + 1)
