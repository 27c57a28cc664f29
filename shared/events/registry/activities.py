"""What registry publishes about activities: that a training, publicity or a drill was held."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events import topics
from shared.events.base import Event


class ActivityHeld(Event):
    """It was held at `starts_at` and reached `people`, which is entered at `at` (UTC). `kind` is `training`, `publicity`
    or `drill`; `target`, for publicity, one of the five it goes into; `premises_id` those it was held for, if any."""

    type: ClassVar[str] = "gridgov.activity.held.v1"
    topic: ClassVar[str] = topics.ACTIVITIES
    key_field: ClassVar[str] = "activity_id"

    activity_id: UUID
    number: str
    kind: str
    unit: str
    street: str
    premises_id: UUID | None = None
    target: str | None = None
    people: int
    starts_at: datetime
    at: datetime
    version: int


EVENTS = (ActivityHeld,)
