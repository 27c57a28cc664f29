"""What registry does about which event: every reaction on one screen."""

from functools import partial

from services.registry.hazards.find_reported import find_reported
from services.registry.hazards.follow_clock import follow_clocks
from services.registry.hazards.follow_work_order import follow_work_orders
from services.registry.meetings.follow_orders import follow_orders_of_resolutions
from shared.bus.subscriptions import Subscriptions
from shared.db.outbox.heard import note_own
from shared.events.dispatch.work_orders import WorkOrderMoved, WorkOrderOpened, WorkOrdersTold
from shared.events.intake.reports import ReportMadeHazard
from shared.events.supervision.clocks import ClockReminded
from shared.worktime.calendar import Calendar


def subscriptions(calendar: Calendar) -> Subscriptions:
    of_hazards = partial(follow_work_orders, calendar=calendar)
    return Subscriptions(
        group="registry",
        reactions={
            WorkOrderOpened: (of_hazards, follow_orders_of_resolutions),
            WorkOrderMoved: (of_hazards, follow_orders_of_resolutions),
            WorkOrdersTold: (note_own,),
            ReportMadeHazard: (find_reported,),
            ClockReminded: (partial(follow_clocks, calendar=calendar),),
        },
        only={
            WorkOrderOpened: frozenset({"hazard", "resolution"}),
            WorkOrderMoved: frozenset({"hazard", "resolution"}),
            ClockReminded: frozenset({"hazard"}),
        },
    )
