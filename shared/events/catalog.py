"""All events of the platform in one list: the public contract (examples and schemas: tests/contracts)."""

from shared.events.base import Event
from shared.events.dispatch import work_orders
from shared.events.intake import reports
from shared.events.registry import (
    accounts,
    activities,
    duties,
    hazards,
    inspections,
    meetings,
    posts,
    restructuring,
    units,
)
from shared.events.supervision import clocks

EVENTS: tuple[type[Event], ...] = (
    *units.EVENTS,
    *posts.EVENTS,
    *accounts.EVENTS,
    *restructuring.EVENTS,
    *duties.EVENTS,
    *hazards.EVENTS,
    *inspections.EVENTS,
    *activities.EVENTS,
    *meetings.EVENTS,
    *reports.EVENTS,
    *work_orders.EVENTS,
    *clocks.EVENTS,
)

BY_TYPE = {event.type: event for event in EVENTS}
