"""A work order whose area or lead unit was succeeded by another in a restructuring goes on there, as it was. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from services.dispatch.work_orders.lifecycle import OF_UNITS, Action
from services.dispatch.work_orders.work_order import WorkOrder, facts
from shared.change import Actor, Change
from shared.events.dispatch.work_orders import WorkOrderMoved
from shared.limits import hand_over
from shared.units.passing import Passing

RESTRUCTURING: Final = Actor(id="restructuring", role="service")


def succeed(order: WorkOrder, passing: Passing, now: datetime) -> Change[WorkOrder] | None:
    """The work order in its successors' hands; None where neither area nor lead unit has one."""
    place = order.place
    area = passing.last_succession(place.area, place.longitude, place.latitude)
    lead = passing.last_succession(order.lead_unit, place.longitude, place.latitude) if order.lead_unit else None
    what: dict[str, Any] = {}
    if area is not None:
        place = replace(place, area=area.successor, street=area.street)
        what |= {"area": [order.place.area, area.successor], "street": area.street, "restructuring": area.number}
    if lead is not None and lead.ends:
        what |= {"lead_unit": [order.lead_unit, lead.successor], "restructuring": lead.number}
    else:
        lead = None
    if not what:
        return None
    after = replace(
        order,
        state=OF_UNITS.move(order.state, Action.SUCCEED).after,
        place=place,
        lead_unit=lead.successor if lead else order.lead_unit,
        version=order.version + 1,
    )
    after = replace(
        after, accept=hand_over(after.accept, after.responsible), resolve=hand_over(after.resolve, after.responsible)
    )
    event = WorkOrderMoved(previous=order.state, **facts(after, Action.SUCCEED, now))
    return Change(after, Action.SUCCEED, RESTRUCTURING, now, what=what, events=(event,))
