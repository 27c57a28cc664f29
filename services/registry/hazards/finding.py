"""Finding a hazard: fixed on the spot, or to be put right until its deadline. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry.hazards.hazard import Criteria, Grade, Hazard, Source
from services.registry.hazards.items import Item
from services.registry.hazards.lifecycle import LIFE, Action, State
from services.registry.hazards.moving import facts
from services.registry.hazards.time_limits import default_day, rectify_until
from services.registry.premises.premises import Premises
from shared.change import Actor, Change
from shared.events.registry.hazards import HazardFound


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: at premises, where it then lies, or in `unit` outside of any. `photos` are files of who found it,
    `report_photos` those of the report it was made of, which intake keeps; `rectify_by` is the last local day to put it
    right, None for the default of its grade; `criteria` make it a major one."""

    premises_id: UUID | None
    unit: str
    item: Item
    text: str
    source: Source
    grade: Grade = Grade.GENERAL
    photos: tuple[UUID, ...] = ()
    report_photos: tuple[UUID, ...] = ()
    fixed_on_spot: bool = False
    rectify_by: date | None = None
    criteria: Criteria | None = None


def find(
    told: Found,
    *,
    id: UUID,
    number: str,
    origin: str,
    street: str,
    premises: Premises | None,
    by: Actor,
    now: datetime,
    today: date,
) -> Change[Hazard]:
    """The hazard as new, found at `now`, an instant of the local day `today`. It lies where its premises lie. Raises Invalid for a deadline that cannot be."""
    action = Action.FIX_ON_SPOT if told.fixed_on_spot else Action.ORDER
    unit = premises.about.unit if premises else told.unit
    grade = Grade.MAJOR if told.criteria else told.grade
    until = told.rectify_by or default_day(grade, today)
    hazard = Hazard(
        id=id,
        number=number,
        origin=origin,
        street=street,
        unit=unit,
        premises_id=premises.id if premises else None,
        source=told.source,
        item=told.item,
        text=told.text,
        grade=grade,
        criteria=told.criteria,
        found_by=by.id,
        found_on=today,
        found_at=now,
        state=LIFE.move(State.FOUND, action).after,
        rectify=None if told.fixed_on_spot else rectify_until(unit, until, now, today),
        moved_at=now,
        version=1,
        closed_at=now if told.fixed_on_spot else None,
        report_photos=told.report_photos,
    )
    about = premises.about if premises else None
    event = HazardFound(
        **facts(hazard, action, now),
        text=told.text,
        found_on=hazard.found_on,
        place=about.name if about else "",
        address=about.address if about else "",
        longitude=about.longitude if about else None,
        latitude=about.latitude if about else None,
    )
    what: dict[str, Any] = {
        "number": number,
        "item": told.item,
        "grade": grade,
        told.source.kind: told.source.number,
        "unit": unit,
    }
    if hazard.rectify is not None:
        what["rectify_due_at"] = hazard.rectify.due_at
    return Change(hazard, action, by, now, what=what, events=(event,))
