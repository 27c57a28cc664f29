"""What registry publishes about accounts: that a session ended before its tokens did."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events import topics
from shared.events.base import Event


class SessionEnded(Event):
    """No token of this session counts any more: its account was locked or reset, or the person signed out. By `until`
    all of them are past, and it may be forgotten."""

    type: ClassVar[str] = "gridgov.session.ended.v1"
    topic: ClassVar[str] = topics.SESSIONS
    key_field: ClassVar[str] = "session_id"
    remembered: ClassVar[bool] = False

    session_id: UUID
    ended_at: datetime
    until: datetime


EVENTS = (SessionEnded,)
