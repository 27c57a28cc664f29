"""The lifecycle of an account as one table. What is not in it is refused, with what would be possible."""

from enum import StrEnum
from typing import Final

from shared.auth.principal import Role
from shared.lifecycle import Lifecycle, Move


class State(StrEnum):
    ACTIVE = "active"
    LOCKED = "locked"


class Action(StrEnum):
    LOCK = "lock"
    UNLOCK = "unlock"
    RESET = "reset"


_ADMIN: Final = frozenset({Role.ADMIN})

LIFE: Final[Lifecycle[State, Action, Move]] = Lifecycle(
    "account",
    "账号",
    "account",
    {
        (State.ACTIVE, Action.LOCK): Move(State.LOCKED, _ADMIN),
        (State.ACTIVE, Action.UNLOCK): Move(State.ACTIVE, _ADMIN),  # one that waits after failures
        (State.ACTIVE, Action.RESET): Move(State.ACTIVE, _ADMIN),
        (State.LOCKED, Action.UNLOCK): Move(State.ACTIVE, _ADMIN),
    },
)
