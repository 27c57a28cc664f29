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

    @property
    def key(self) -> str:
        raise NotImplementedError
