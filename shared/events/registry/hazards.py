"""What registry publishes about hazards (隐患): that one was found, and every action on it; limits whole, each time."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events import topics
from shared.events.limits import LimitedEvent, ToldUntil


class Item(StrEnum):
    """The seven items of a fire-safety inspection."""

    EVACUATION = "evacuation"
    FACILITIES = "facilities"
    EXTINGUISHERS = "extinguishers"
    FIRE_USE = "fire_use"
    ELECTRICITY = "electricity"
    GAS = "gas"
    OIL = "oil"


class FoundBy(BaseModel):
    """Where a hazard comes from: `kind` is `inspection`, `report` or `told`; what was only told has no id and number."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str
    id: UUID | None = None
    number: str = ""


class HazardEvent(LimitedEvent):
    """`action` took the hazard to `state`; `limits` has `rectify` unless it was fixed on the spot, `recheck` once it was
    transferred, `listing` once it was reported as major.

    `area` is the unit where it lies, `premises_id` the place, None in the open street. `grade` is `general` or `major`,
    `listing` how far a listing (挂牌督办) has come. `result` is what the last person to say it was rectified said.
    """

    topic: ClassVar[str] = topics.HAZARDS
    key_field: ClassVar[str] = "hazard_id"
    thing: ClassVar[str] = "hazard"

    hazard_id: UUID
    source: FoundBy
    premises_id: UUID | None = None
    item: str
    grade: str
    state: str
    action: str
    listing: str = "none"
    result: str | None = None


class HazardFound(HazardEvent):
    """A hazard was found: `fixed_on_spot`, or `rectifying` until its deadline. What it is and where, for who must act;
    the point is WGS-84."""

    type: ClassVar[str] = "gridgov.hazard.found.v1"

    action: str = "find"
    text: str
    place: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    found_on: date


class HazardMoved(HazardEvent):
    """Somebody acted on it; `previous` is the state before, which may be the same."""

    type: ClassVar[str] = "gridgov.hazard.moved.v1"

    previous: str


class HazardsTold(ToldUntil):
    """Up to which instant registry has told everything that happened to hazards."""

    type: ClassVar[str] = "gridgov.hazards.told.v1"
    topic: ClassVar[str] = topics.HAZARDS
    thing: ClassVar[str] = HazardEvent.thing
    moved_with: ClassVar[str | None] = "work_order"


EVENTS = (HazardFound, HazardMoved, HazardsTold)
