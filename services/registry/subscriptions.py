"""What registry does about which event: every reaction on one screen."""

from services.registry.meetings.follow_orders import follow_orders_of_resolutions
from shared.bus.subscriptions import Subscriptions
from shared.events.dispatch.work_orders import WorkOrderMoved, WorkOrderOpened
from shared.worktime.calendar import Calendar


def subscriptions(calendar: Calendar) -> Subscriptions:  # noqa: ARG001 - limits are computed by the reactions to come
    return Subscriptions(
        group="registry",
        reactions={
            WorkOrderOpened: (follow_orders_of_resolutions,),
            WorkOrderMoved: (follow_orders_of_resolutions,),
        },
    )
