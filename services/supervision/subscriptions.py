"""What supervision does about which event: every reaction on one screen.

Every kind of thing that has limits is watched by the same two handlers: its events, and how far its owner has told.
"""

from services.supervision.clocks.follow_limits import follow_limits
from shared.auth.ended_sessions import keep_ended
from shared.bus.subscriptions import Subscriptions
from shared.db.outbox.heard import note_until
from shared.events.dispatch.work_orders import WorkOrderMoved, WorkOrderOpened, WorkOrdersTold
from shared.events.registry.accounts import SessionEnded
from shared.events.registry.duties import DutiesTold, DutyBegun, DutyMoved
from shared.events.registry.hazards import HazardFound, HazardMoved, HazardsTold
from shared.events.registry.restructuring import UnitsRestructured
from shared.events.registry.units import UnitChanged
from shared.units.projection import UnitProjection


def subscriptions(projection: UnitProjection) -> Subscriptions:
    return Subscriptions(
        group="supervision",
        reactions={
            UnitChanged: (projection.keep,),
            UnitsRestructured: (projection.restructure,),
            SessionEnded: (keep_ended,),
            WorkOrderOpened: (follow_limits,),
            WorkOrderMoved: (follow_limits,),
            WorkOrdersTold: (note_until,),
            DutyBegun: (follow_limits,),
            DutyMoved: (follow_limits,),
            DutiesTold: (note_until,),
            HazardFound: (follow_limits,),
            HazardMoved: (follow_limits,),
            HazardsTold: (note_until,),
        },
    )
