"""A release brings another working calendar → the time to decide on a listing moves by it (docs/rules.md §1.5)."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from services.registry.hazards.hazard import Hazard
from services.registry.hazards.moving import facts
from services.registry.hazards.store import Hazards
from services.registry.hazards.table import hazards
from shared.change import Actor, Change
from shared.db.unit_of_work import UnitOfWork
from shared.events.registry.hazards import HazardMoved
from shared.limits import LimitState, by_calendar
from shared.worktime.calendar import Calendar

CALENDAR: Final = Actor(id="calendar", role="service")
REMEASURE: Final = "remeasure"


async def follow_calendar(uow: UnitOfWork, before: Calendar, after: Calendar, cursor: UUID, limit: int) -> UUID | None:
    """Measure the next hazards anew; see `shared.calendar_watch.Measure`. No other limit of theirs is in working time."""
    c = hazards.c
    decided = c.id > cursor, c.decide_state == LimitState.RUNNING
    ids = (await uow.connection.scalars(sa.select(c.id).where(*decided).order_by(c.id).limit(limit))).all()
    store = Hazards.of(uow)
    for hazard in (await store.load(ids)).values():
        if (change := measured(hazard, before, after, uow.now)) is not None:
            store.put(change)
    return ids[-1] if ids else None


def measured(hazard: Hazard, before: Calendar, after: Calendar, now: datetime) -> Change[Hazard] | None:
    """The hazard with the time to decide as the calendar `after` has it; None where nothing moves."""
    decide = hazard.decide and by_calendar(hazard.decide, before, after, now)
    if decide is None or hazard.decide is None or decide == hazard.decide:
        return None
    moved = replace(hazard, decide=decide, moved_at=now, version=hazard.version + 1)
    what = {"calendar": after.version, "listing_due_at": decide.due_at, "listing_was_due_at": hazard.decide.due_at}
    event = HazardMoved(previous=hazard.state, **facts(moved, REMEASURE, now))
    return Change(moved, REMEASURE, CALENDAR, now, what=what, events=(event,))
