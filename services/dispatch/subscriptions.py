"""What dispatch does about which event: every reaction on one screen."""

from functools import partial

from services.dispatch.work_orders.follow_hazard import follow_hazards, open_for_hazards
from services.dispatch.work_orders.follow_report import count_joined, follow_corrections, follow_reopenings
from services.dispatch.work_orders.follow_units import follow_units
from services.dispatch.work_orders.open_for_resolution import open_for_resolutions
from services.dispatch.work_orders.open_work_order import open_work_orders
from shared.auth.ended_sessions import keep_ended
from shared.bus.subscriptions import Subscriptions
from shared.db.outbox.heard import note_own
from shared.events.intake.reports import ReportCorrected, ReportJoined, ReportReopened, ReportTriaged
from shared.events.registry.accounts import SessionEnded
from shared.events.registry.hazards import HazardFound, HazardMoved, HazardsTold
from shared.events.registry.meetings import ResolutionAdopted
from shared.events.registry.restructuring import UnitsRestructured
from shared.events.registry.units import UnitChanged
from shared.units.projection import UnitProjection
from shared.worktime.calendar import Calendar


def subscriptions(projection: UnitProjection, calendar: Calendar) -> Subscriptions:
    later = partial(follow_units, projection=projection, calendar=calendar)
    return Subscriptions(
        group="dispatch",
        reactions={
            UnitChanged: (projection.keep, later),
            UnitsRestructured: (projection.restructure, later),
            SessionEnded: (keep_ended,),
            ResolutionAdopted: (partial(open_for_resolutions, projection=projection, calendar=calendar),),
            ReportTriaged: (partial(open_work_orders, projection=projection, calendar=calendar),),
            ReportCorrected: (partial(follow_corrections, projection=projection, calendar=calendar),),
            ReportJoined: (count_joined,),
            ReportReopened: (partial(follow_reopenings, projection=projection, calendar=calendar),),
            HazardFound: (partial(open_for_hazards, projection=projection, calendar=calendar),),
            HazardMoved: (partial(follow_hazards, projection=projection, calendar=calendar),),
            HazardsTold: (note_own,),
        },
    )
