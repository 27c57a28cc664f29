"""What registry publishes about posts: each as its newest whole state (compacted topic)."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.events import topics
from shared.events.base import Event


class PostChanged(Event):
    """Who holds which role in which unit, from when to when (local dates, `valid_to` excluded); a safety manager's is held
    of `premises_id`."""

    type: ClassVar[str] = "gridgov.post.changed.v1"
    topic: ClassVar[str] = topics.POSTS
    key_field: ClassVar[str] = "post_id"

    post_id: UUID
    person: str
    role: str
    unit: str
    valid_from: date
    valid_to: date | None = None
    premises_id: UUID | None = None
    version: int


EVENTS = (PostChanged,)
