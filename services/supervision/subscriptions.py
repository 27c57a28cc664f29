"""What supervision does about which event: every reaction on one screen."""

from functools import partial

from services.supervision.handlers.keep_clocks import keep_clocks
from services.supervision.store.unit_of_work import SupervisionUnitOfWork
from shared.bus.subscriptions import Subscriptions
from shared.events.dispatch import WorkOrderMoved, WorkOrderOpened
from shared.events.registry import UnitChanged
from shared.units.projection import UnitProjection
from shared.worktime.calendar import Calendar


def subscriptions(projection: UnitProjection, calendar: Calendar) -> Subscriptions[SupervisionUnitOfWork]:
    follow = partial(keep_clocks, calendar=calendar)
    return Subscriptions(
        group="supervision",
        reactions={UnitChanged: projection.keep, WorkOrderOpened: follow, WorkOrderMoved: follow},
    )
