"""What intake does about which event: every reaction on one screen."""

from services.intake.feedback.keep_progress import keep_progress
from services.intake.reports.follow_work_order import follow_work_orders
from services.intake.triage.triage_reports import Triage
from shared.auth.ended_sessions import keep_ended
from shared.bus.subscriptions import Subscriptions
from shared.events.dispatch.work_orders import WorkOrderMoved, WorkOrderOpened
from shared.events.intake.reports import ReportSubmitted
from shared.events.registry.accounts import SessionEnded
from shared.events.registry.restructuring import UnitsRestructured
from shared.events.registry.units import UnitChanged
from shared.units.projection import UnitProjection


def subscriptions(projection: UnitProjection, triage: Triage) -> Subscriptions:
    return Subscriptions(
        group="intake",
        reactions={
            UnitChanged: (projection.keep,),
            UnitsRestructured: (projection.restructure,),
            SessionEnded: (keep_ended,),
            ReportSubmitted: (triage,),
            WorkOrderOpened: (follow_work_orders, keep_progress),
            WorkOrderMoved: (follow_work_orders, keep_progress),
        },
        only=dict.fromkeys((WorkOrderOpened, WorkOrderMoved), frozenset({"report"})),
    )
