"""Leave (请假): one person is away from an instant to another, whatever posts they hold. Pure.

A person asks and another grants or refuses; a keeper may also enter what was agreed on paper. Nobody grants their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.registry.errors import (
    LEAVE_ENDS_BEFORE,
    LEAVE_OUT_OF_RANGE,
    LEAVE_OVERLAPS,
    LEAVE_OWN,
    LEAVE_PERSON_WITHOUT_POST,
)
from shared.auth.principal import STAFF, Principal, Role
from shared.change import Actor, Change
from shared.lifecycle import Lifecycle, Move
from shared.units.passing import Succession

LONGEST: Final = timedelta(days=366)
AROUND: Final = timedelta(days=366)
"""How far from now leave may begin; what lies farther is a slip of the pen."""


class Kind(StrEnum):
    ANNUAL = "annual"
    SICK = "sick"
    PERSONAL = "personal"
    TRAINING = "training"
    BUSINESS = "business"
    OTHER = "other"


KINDS: Final = {
    Kind.ANNUAL: "年休假",
    Kind.SICK: "病假",
    Kind.PERSONAL: "事假",
    Kind.TRAINING: "培训学习",
    Kind.BUSINESS: "公出",
    Kind.OTHER: "其他",
}


class State(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


STATES: Final = {State.ASKED: "待批准", State.GRANTED: "已批准", State.DECLINED: "未批准", State.WITHDRAWN: "已销假"}


class Action(StrEnum):
    GRANT = "grant"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


KEEPERS: Final = frozenset({Role.ADMIN, Role.LEADER})
LIFE: Final[Lifecycle[State, Action, Move]] = Lifecycle(
    "leave",
    "请假",
    "leave",
    {
        (State.ASKED, Action.GRANT): Move(State.GRANTED, KEEPERS),
        (State.ASKED, Action.DECLINE): Move(State.DECLINED, KEEPERS),
        (State.ASKED, Action.WITHDRAW): Move(State.WITHDRAWN, STAFF),
        # Who comes back early, or stays after all, is on duty again at once.
        (State.GRANTED, Action.WITHDRAW): Move(State.WITHDRAWN, STAFF),
    },
)


@dataclass(frozen=True, slots=True)
class Leave:
    """`person` is a subject, never a name; `unit` one in which they hold a post, whose keepers decide. Instants are UTC,
    `ends_at` is excluded. `asked_by` is another where a keeper entered it."""

    id: UUID
    person: str
    unit: str
    starts_at: datetime
    ends_at: datetime
    kind: Kind
    reason: str
    state: State
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None
    version: int

    def away_at(self, at: datetime) -> bool:
        return self.state is State.GRANTED and self.starts_at <= at < self.ends_at

    def overlaps(self, other: "Leave") -> bool:
        """Whether both count and there is an instant in both."""
        counts = {State.ASKED, State.GRANTED}
        both = self.state in counts and other.state in counts
        return both and self.starts_at < other.ends_at and other.starts_at < self.ends_at


def ask(leave: Leave, others: Iterable[Leave], *, by: Actor, now: datetime, why: str | None = None) -> Change[Leave]:
    """New leave (version 1), asked for, or entered as granted. Raises Invalid, and Conflict for who is away already."""
    if not leave.unit:
        raise LEAVE_PERSON_WITHOUT_POST()
    if leave.ends_at <= leave.starts_at:
        raise LEAVE_ENDS_BEFORE()
    if abs(leave.starts_at - now) > AROUND or leave.ends_at - leave.starts_at > LONGEST:
        raise LEAVE_OUT_OF_RANGE()
    for other in others:
        if other.overlaps(leave):
            raise LEAVE_OVERLAPS(data={"leave_id": other.id, "starts_at": other.starts_at, "ends_at": other.ends_at})
    action = "ask" if leave.state is State.ASKED else "enter"
    return Change(leave, action, by, now, why=why, what=_span(leave))


def decide(leave: Leave, action: Action, *, by: Principal, now: datetime, answer: str | None) -> Change[Leave]:
    """Granted or declined, by another. Raises Forbidden for who asked or is to be away, Conflict once it is decided."""
    if by.subject in {leave.person, leave.asked_by}:
        raise LEAVE_OWN()
    return _moved(leave, action, by, now, answer)


def withdraw(leave: Leave, *, by: Principal, now: datetime, answer: str | None) -> Change[Leave]:
    """Taken back, by the person or a keeper. Raises Conflict for what was declined or taken back before."""
    return _moved(leave, Action.WITHDRAW, by, now, answer)


def succeed(leave: Leave, succession: Succession, *, by: Actor, now: datetime) -> Change[Leave]:
    """The leave, looked after by the unit that succeeds its own."""
    after = replace(leave, unit=succession.successor, version=leave.version + 1)
    return Change(after, "succeed", by, now, what=succession.trail())


def _moved(leave: Leave, action: Action, by: Principal, now: datetime, answer: str | None) -> Change[Leave]:
    state = State(LIFE.move(leave.state, action).after)
    after = replace(leave, state=state, decided_by=by.subject, decided_at=now, answer=answer, version=leave.version + 1)
    return Change(after, action.value, by.actor(), now, why=answer, what=_span(leave))


def _span(leave: Leave) -> dict[str, Any]:
    """For the trail: when, not why; a reason is the person's own."""
    return {"person": leave.person, "from": leave.starts_at.isoformat(), "to": leave.ends_at.isoformat()}
