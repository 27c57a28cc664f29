"""What comes to a unit's successor without being moved, for the preview: duties follow their bearers, and what is over is
found by who succeeded the unit in which it was."""

from collections.abc import Collection, Mapping
from typing import Final

import sqlalchemy as sa

from services.registry.activities.activity import ActivityState
from services.registry.activities.table import activities
from services.registry.duties.duty import RUNNING
from services.registry.duties.table import duties, runs
from services.registry.hazards.table import hazards
from services.registry.inspections.table import inspections
from services.registry.meetings.meeting import MeetingState
from services.registry.meetings.table import meetings
from shared.db.unit_of_work import UnitOfWork

DUTY: Final = "duty"
PAST: Final = "past"
"""Records of what is over: inspections, runs of duties, closed hazards, activities and meetings that were held."""
_Counted = tuple[sa.Column[str], sa.ColumnElement[bool]]
_COUNTED: Final[Mapping[str, tuple[_Counted, ...]]] = {
    DUTY: ((duties.c.do_unit, duties.c.state.in_(RUNNING)),),
    PAST: (
        (inspections.c.unit, sa.true()),
        (runs.c.unit, sa.true()),
        (hazards.c.unit, hazards.c.closed_at.is_not(None)),
        (activities.c.unit, activities.c.state == ActivityState.HELD),
        (meetings.c.unit, meetings.c.state == MeetingState.APPROVED),
    ),
}


async def following(uow: UnitOfWork, units: Collection[str]) -> dict[str, dict[str, int]]:
    """How many there are in each of these units, by kind and unit."""
    found: dict[str, dict[str, int]] = {}
    among = sa.literal(list(units), sa.ARRAY(sa.Text))
    for kind, counted in _COUNTED.items():
        parts = [sa.select(unit.label("unit")).where(unit == sa.any_(among), there) for unit, there in counted]
        every = sa.union_all(*parts).subquery()
        query = sa.select(every.c.unit, sa.func.count().label("things")).group_by(every.c.unit)
        found[kind] = {row.unit: row.things for row in await uow.connection.execute(query)}
    return found
