"""What registry publishes about duties that supervision watches: that one began, and all that happens to it.

Of the others nothing is told: a patrol every two hours, of which nobody would ever look at the limit, costs no event.
"""

from typing import ClassVar
from uuid import UUID

from shared.events import topics
from shared.events.limits import LimitedEvent, ToldUntil


class DutyEvent(LimitedEvent):
    """`action` took the duty to `state`; `limits` has `do`, the present run, and nothing once nobody watches it any more.

    `duty` is the code of what is owed, `name` its Chinese name, `bearer` `unit` or `premises`. `outcome` is how the run
    ended that `action` ended: `kept`, `late` or `waived`; by when it was done, which may be told later than it was.
    """

    topic: ClassVar[str] = topics.DUTIES
    key_field: ClassVar[str] = "duty_id"
    thing: ClassVar[str] = "duty"

    duty_id: UUID
    duty: str
    name: str
    bearer: str
    premises_id: UUID | None = None
    action: str
    state: str
    outcome: str | None = None


class DutyBegun(DutyEvent):
    """A unit or premises owes something every so often, from now on."""

    type: ClassVar[str] = "gridgov.duty.begun.v1"


class DutyMoved(DutyEvent):
    """It was fulfilled, its next run began, it was waived, paused, moved or ended."""

    type: ClassVar[str] = "gridgov.duty.moved.v1"


class DutiesTold(ToldUntil):
    """Up to which instant registry has told everything that happened to duties."""

    type: ClassVar[str] = "gridgov.duties.told.v1"
    topic: ClassVar[str] = topics.DUTIES
    thing: ClassVar[str] = DutyEvent.thing


EVENTS = (DutyBegun, DutyMoved, DutiesTold)
