"""What dispatch does about which event: every reaction on one screen."""

from functools import partial

from services.dispatch.work_orders.follow_report import follow_corrections, follow_reopenings
from services.dispatch.work_orders.open_work_order import open_work_orders
from shared.auth.ended_sessions import keep_ended
from shared.bus.subscriptions import Subscriptions
from shared.events.intake.reports import ReportCorrected, ReportReopened, ReportTriaged
from shared.events.registry.accounts import SessionEnded
from shared.events.registry.restructuring import UnitsRestructured
from shared.events.registry.units import UnitChanged
from shared.units.projection import UnitProjection
from shared.worktime.calendar import Calendar


def subscriptions(projection: UnitProjection, calendar: Calendar) -> Subscriptions:
    return Subscriptions(
        group="dispatch",
        reactions={
            UnitChanged: (projection.keep,),
            UnitsRestructured: (projection.restructure,),
            SessionEnded: (keep_ended,),
            ReportTriaged: (partial(open_work_orders, projection=projection, calendar=calendar),),
            ReportCorrected: (partial(follow_corrections, projection=projection, calendar=calendar),),
            ReportReopened: (partial(follow_reopenings, projection=projection, calendar=calendar),),
        },
    )
