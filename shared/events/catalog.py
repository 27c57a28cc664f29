"""All events of the platform in one list: the public contract (examples and schemas: tests/contracts)."""

from shared.events import dispatch, intake, registry, supervision
from shared.events.base import Event

EVENTS: tuple[type[Event], ...] = (
    registry.UnitChanged,
    registry.PostChanged,
    intake.ReportSubmitted,
    intake.ReportTriaged,
    intake.ReportNeedsReview,
    intake.ReportRejected,
    dispatch.WorkOrderOpened,
    dispatch.WorkOrderMoved,
    supervision.ClockWarned,
    supervision.ClockReminded,
)

BY_TYPE = {event.type: event for event in EVENTS}
