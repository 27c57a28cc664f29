"""What registry publishes about inspections (检查): that one was made, with the results of the seven items."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events import topics
from shared.events.base import Event


class Found(BaseModel):
    """A hazard that the inspection opened; `grade` is `general` or `major`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    hazard_id: UUID
    item: str
    grade: str
    fixed_on_spot: bool


class InspectionMade(Event):
    """Somebody looked at premises, or (without `premises_id`) at a part of the street.

    `results` has `ok`, `failed` or `not_applicable` for each of the seven items. `unit` is where it was; `made_at` when,
    also of one that came days later or from a table of past ones (`imported`).
    """

    type: ClassVar[str] = "gridgov.inspection.made.v1"
    topic: ClassVar[str] = topics.INSPECTIONS
    key_field: ClassVar[str] = "inspection_id"

    inspection_id: UUID
    number: str
    kind: str
    premises_id: UUID | None = None
    unit: str
    street: str
    checklist: str
    checklist_version: int
    made_at: datetime
    at_night: bool
    inspector: str
    inspector_unit: str | None = None
    results: dict[str, str]
    findings: tuple[Found, ...] = ()
    imported: bool = False
    version: int


EVENTS = (InspectionMade,)
