"""What supervision does about which event: every reaction on one screen."""

from functools import partial

from services.supervision.clocks.follow_limits import keep_clocks
from shared.bus.subscriptions import Subscriptions
from shared.events.dispatch.work_orders import WorkOrderMoved, WorkOrderOpened
from shared.events.registry.units import UnitChanged
from shared.units.projection import UnitProjection
from shared.worktime.calendar import Calendar


def subscriptions(projection: UnitProjection, calendar: Calendar) -> Subscriptions:
    follow = partial(keep_clocks, calendar=calendar)
    return Subscriptions(
        group="supervision",
        reactions={UnitChanged: (projection.keep,), WorkOrderOpened: (follow,), WorkOrderMoved: (follow,)},
    )
