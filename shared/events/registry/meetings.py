"""What registry publishes about joint meetings: each resolution, once the minutes are approved."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events import topics
from shared.events.base import Event


class ResolutionAdopted(Event):
    """`lead_unit` must do what `text` says until `due_at` (UTC); `assisting` are units as told. `area` is the unit that
    convened the meeting, `street` the street it is or lies in, empty above streets. `number` is the resolution's own."""

    type: ClassVar[str] = "gridgov.resolution.adopted.v1"
    topic: ClassVar[str] = topics.MEETINGS
    key_field: ClassVar[str] = "meeting_id"

    resolution_id: UUID
    number: str
    meeting_id: UUID
    meeting_number: str
    meeting_title: str
    area: str
    street: str
    text: str
    lead_unit: str
    assisting: str = ""
    due_at: datetime
    at: datetime
    version: int


EVENTS = (ResolutionAdopted,)
