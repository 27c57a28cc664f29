"""Another working calendar moves the limits of a work order that are measured in working time. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from services.dispatch.work_orders.lifecycle import OF_CALENDAR, Action
from services.dispatch.work_orders.work_order import WorkOrder, facts
from shared.change import Actor, Change
from shared.events.dispatch.work_orders import WorkOrderMoved
from shared.limits import by_calendar
from shared.worktime.calendar import Calendar

CALENDAR: Final = Actor(id="calendar", role="service")


def measured(order: WorkOrder, before: Calendar, after: Calendar, now: datetime) -> Change[WorkOrder] | None:
    """The work order with its limits as the calendar `after` has them; None where nothing moves."""
    limits = {name: by_calendar(limit, before, after, now) for name, limit in order.limits.items()}
    if limits == order.limits:
        return None
    state = OF_CALENDAR.move(order.state, Action.REMEASURE).after
    new = replace(order, state=state, accept=limits["accept"], resolve=limits["resolve"], version=order.version + 1)
    what: dict[str, object] = {"calendar": after.version}
    for name, limit in order.limits.items():
        if limits[name] != limit:
            what |= {f"{name}_due_at": limits[name].due_at, f"{name}_was_due_at": limit.due_at}
    event = WorkOrderMoved(previous=order.state, **facts(new, Action.REMEASURE, now))
    return Change(new, Action.REMEASURE, CALENDAR, now, what=what, events=(event,))
