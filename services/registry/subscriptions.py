"""What registry does about which event: every reaction on one screen."""

from shared.bus.subscriptions import Subscriptions
from shared.events.dispatch.work_orders import WorkOrderMoved
from shared.worktime.calendar import Calendar


def subscriptions(calendar: Calendar) -> Subscriptions:  # noqa: ARG001 - limits are computed by the reactions to come
    return Subscriptions(
        group="registry",
        reactions={
            WorkOrderMoved: (),
        },
    )
