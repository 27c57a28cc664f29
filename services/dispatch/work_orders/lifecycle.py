"""The life of a work order as one table: state × action → state, who may, and what it does to the two clocks.

A new transition is one row here. What is not in the table is refused with the list of what is possible.
Rules: domain.md §3.1 (states, verification) and §3.3 (clocks).
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.auth.principal import Role
from shared.errors import Conflict


class State(StrEnum):
    PENDING = "pending"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    VERIFIED = "verified"
    CLOSED = "closed"


class Action(StrEnum):
    OPEN = "open"
    ASSIGN = "assign"
    ACCEPT = "accept"
    START = "start"
    RESOLVE = "resolve"
    VERIFY = "verify"
    REWORK = "rework"
    CLOSE = "close"
    RETURN = "return"


class Where(StrEnum):
    """Which part of the unit tree makes the caller competent: the lead unit's, or the area where it happened."""

    LEAD = "lead"
    AREA = "area"


class Effect(StrEnum):
    """What a move does to a clock."""

    KEEP = "keep"
    RESTART = "restart"
    STOP = "stop"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Transition:
    after: State
    roles: frozenset[Role]
    where: Where
    accept: Effect = Effect.KEEP
    resolve: Effect = Effect.KEEP


_DISPATCHERS = frozenset({Role.DISPATCHER, Role.ADMIN})
_HANDLERS = frozenset({Role.DEPARTMENT_HANDLER, Role.GRID_WORKER, Role.LEADER})
_CHECKERS = frozenset({Role.GRID_WORKER, Role.DISPATCHER, Role.SUPERVISOR})

TRANSITIONS: dict[tuple[State, Action], Transition] = {
    (State.PENDING, Action.ASSIGN): Transition(State.ASSIGNED, _DISPATCHERS, Where.AREA, accept=Effect.RESTART),
    (State.ASSIGNED, Action.ASSIGN): Transition(State.ASSIGNED, _DISPATCHERS, Where.AREA, accept=Effect.RESTART),
    (State.ASSIGNED, Action.ACCEPT): Transition(State.ACCEPTED, _HANDLERS, Where.LEAD, accept=Effect.STOP),
    (State.ASSIGNED, Action.RETURN): Transition(State.PENDING, _HANDLERS, Where.LEAD, accept=Effect.STOP),
    (State.ACCEPTED, Action.START): Transition(State.IN_PROGRESS, _HANDLERS, Where.LEAD),
    (State.IN_PROGRESS, Action.RESOLVE): Transition(State.RESOLVED, _HANDLERS, Where.LEAD, resolve=Effect.STOP),
    (State.RESOLVED, Action.VERIFY): Transition(State.VERIFIED, _CHECKERS, Where.AREA),
    (State.RESOLVED, Action.REWORK): Transition(State.IN_PROGRESS, _CHECKERS, Where.AREA, resolve=Effect.RESUME),
    (State.VERIFIED, Action.CLOSE): Transition(State.CLOSED, _DISPATCHERS, Where.AREA),
}


def possible(state: State) -> tuple[Action, ...]:
    """The actions that the table knows for a state, in the order of the lifecycle."""
    return tuple(action for s, action in TRANSITIONS if s is state)


def transition(state: State, action: Action) -> Transition:
    """The row for (state, action). Raises Conflict, naming what is possible, when there is none."""
    row = TRANSITIONS.get((state, action))
    if row is None:
        names = [str(a) for a in possible(state)]
        raise Conflict(
            "work_order_action_not_possible",
            f"工单当前状态为“{state}”，不能执行“{action}”。可执行：{'、'.join(names) or '无'}。",
            f"The work order is {state}; {action} is not possible. Possible: {', '.join(names) or 'nothing'}.",
            data={"state": state, "action": action, "possible": names},
        )
    return row
