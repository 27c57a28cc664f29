"""What every event is: a frozen fact with a type, a topic and a key. Events of one key are delivered in order.

Additive changes only; readers ignore fields they do not know. A breaking change is a new class with a new `.vN` type.
"""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """A fact that a service publishes. `type` is `gridgov.<thing>.<past tense>.v<n>`; `key` is the aggregate's id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    topic: ClassVar[str]
    key_field: ClassVar[str]
    """The field whose value is the key: the id of what the event is about."""
    remembered: ClassVar[bool] = True
    """Whether a reader notes the id, so that the event takes effect once; not where once more changes nothing."""

    @property
    def key(self) -> str:
        return str(getattr(self, self.key_field))

    @property
    def concerns(self) -> frozenset[str]:
        """The kinds of things that it concerns, told in a header: a reader passes over what concerns none of its own,
        unread. Empty where the type alone says enough."""
        return frozenset()
