"""The life of a plan as one table. It is prepared, decided on where it concerns others, and takes effect at its instant,
all of it or not at all; until then it can be called off."""

from enum import StrEnum
from typing import Final

from shared.auth.principal import Role
from shared.lifecycle import Lifecycle, Move


class State(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    APPLIED = "applied"
    CANCELLED = "cancelled"


class Action(StrEnum):
    DRAFT = "draft"
    CHANGE = "change"
    SUBMIT = "submit"
    SCHEDULE = "schedule"
    APPROVE = "approve"
    DECLINE = "decline"
    CANCEL = "cancel"
    APPLY = "apply"
    FAIL = "fail"


_KEEPERS: Final = frozenset({Role.ADMIN, Role.LEADER})
LIFE: Final[Lifecycle[State, Action, Move]] = Lifecycle(
    "restructuring",
    "调整方案",
    "restructuring",
    {
        (State.DRAFT, Action.CHANGE): Move(State.DRAFT, _KEEPERS),
        # Where it concerns nobody but who sends it, nobody else decides.
        (State.DRAFT, Action.SCHEDULE): Move(State.APPROVED, _KEEPERS),
        (State.DRAFT, Action.SUBMIT): Move(State.PROPOSED, _KEEPERS),
        (State.DRAFT, Action.CANCEL): Move(State.CANCELLED, _KEEPERS),
        (State.PROPOSED, Action.APPROVE): Move(State.APPROVED, _KEEPERS),
        (State.PROPOSED, Action.DECLINE): Move(State.DRAFT, _KEEPERS),
        (State.PROPOSED, Action.CANCEL): Move(State.CANCELLED, _KEEPERS),
        (State.APPROVED, Action.CANCEL): Move(State.CANCELLED, _KEEPERS),
        (State.APPROVED, Action.APPLY): Move(State.APPLIED),
        # Units are not as they were when it was decided on: nothing has changed, and somebody looks at it again.
        (State.APPROVED, Action.FAIL): Move(State.DRAFT),
    },
)
