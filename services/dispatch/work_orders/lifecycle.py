"""The life of a work order as one table: state × action → state, who may, and what it does to the two limits.

A new action is one row here for each state that knows it, and one command (`commands/`). What is not in the table is
refused with the list of what is possible. Rules: docs/rules.md §3.1 (states, approvals, verification), §3.3 (limits).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.auth.principal import Role
from shared.lifecycle import Lifecycle, Move
from shared.limits import Effect


class State(StrEnum):
    PENDING = "pending"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    RESOLVED = "resolved"
    VERIFIED = "verified"
    CLOSED = "closed"


class Action(StrEnum):
    """As they stand in paths, on the trail and in events."""

    OPEN = "open"
    ASSIGN = "assign"
    ACCEPT = "accept"
    RETURN = "return"
    START = "start"
    RESOLVE = "resolve"
    VERIFY = "verify"
    REWORK = "rework"
    CLOSE = "close"
    ASK_SUSPENSION = "ask-suspension"
    GRANT_SUSPENSION = "grant-suspension"
    RESUME = "resume"
    ASK_EXTENSION = "ask-extension"
    GRANT_EXTENSION = "grant-extension"
    DECLINE = "decline"
    CORRECT = "correct"
    REROUTE = "reroute"
    RECALL = "recall"
    REOPEN = "reopen"
    GAIN_HAZARD = "gain-hazard"
    HAZARD_SUBMITTED = "hazard-submitted"
    HAZARD_FAILED = "hazard-failed"
    HAZARD_PASSED = "hazard-passed"
    HAZARD_REDATED = "hazard-redated"
    SUCCEED = "succeed"
    REMEASURE = "remeasure"


class Kind(StrEnum):
    """What a unit may ask for."""

    SUSPENSION = "suspension"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Step(Move):
    """A move; the caller's unit must cover the lead unit for `roles`, the area where it happened for `area_roles`."""

    after: State
    area_roles: frozenset[Role] = frozenset()
    accept: Effect = Effect.KEEP
    resolve: Effect = Effect.KEEP


_NOBODY: frozenset[Role] = frozenset()
_HANDLERS = frozenset({Role.DEPARTMENT_HANDLER, Role.GRID_WORKER, Role.LEADER})
_DISPATCHERS = frozenset({Role.DISPATCHER, Role.ADMIN})
_CHECKERS = frozenset({Role.GRID_WORKER, Role.DISPATCHER, Role.SUPERVISOR})
_DECIDERS = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
_LEADERS = _DECIDERS | {Role.LEADER}


def _by_unit(after: State, *, accept: Effect = Effect.KEEP, resolve: Effect = Effect.KEEP) -> Step:
    return Step(after, _HANDLERS, _NOBODY, accept, resolve)


def _by_area(
    after: State, roles: frozenset[Role], *, accept: Effect = Effect.KEEP, resolve: Effect = Effect.KEEP
) -> Step:
    return Step(after, _NOBODY, roles, accept, resolve)


def _asking(state: State) -> Mapping[tuple[State, Action], Step]:
    """Suspension (挂账) and extension (延期) are asked for by the unit, and decided by somebody else."""
    return {
        (state, Action.ASK_SUSPENSION): _by_unit(state),
        (state, Action.GRANT_SUSPENSION): _by_area(State.SUSPENDED, _DECIDERS, resolve=Effect.SUSPEND),
        (state, Action.ASK_EXTENSION): _by_unit(state),
        (state, Action.GRANT_EXTENSION): _by_area(state, _LEADERS, resolve=Effect.EXTEND),
        (state, Action.DECLINE): _by_area(state, _LEADERS),
    }


LIFE: Lifecycle[State, Action, Step] = Lifecycle(
    "work_order",
    "工单",
    "work order",
    {
        (State.PENDING, Action.ASSIGN): _by_area(State.ASSIGNED, _DISPATCHERS, accept=Effect.RESTART),
        (State.ASSIGNED, Action.ASSIGN): _by_area(State.ASSIGNED, _DISPATCHERS, accept=Effect.RESTART),
        (State.ASSIGNED, Action.ACCEPT): _by_unit(State.ACCEPTED, accept=Effect.FULFIL),
        (State.ASSIGNED, Action.RETURN): _by_unit(State.PENDING, accept=Effect.RESTART),
        (State.ACCEPTED, Action.START): _by_unit(State.IN_PROGRESS),
        **_asking(State.ACCEPTED),
        (State.IN_PROGRESS, Action.RESOLVE): _by_unit(State.RESOLVED, resolve=Effect.FULFIL),
        **_asking(State.IN_PROGRESS),
        (State.SUSPENDED, Action.RESUME): Step(State.IN_PROGRESS, _HANDLERS, _DISPATCHERS, resolve=Effect.RESUME),
        (State.RESOLVED, Action.VERIFY): _by_area(State.VERIFIED, _CHECKERS),
        (State.RESOLVED, Action.REWORK): _by_area(State.IN_PROGRESS, _CHECKERS, resolve=Effect.RESUME),
        (State.VERIFIED, Action.CLOSE): _by_area(State.CLOSED, _DISPATCHERS),
    },
)

_NOT_ACCEPTED = (State.PENDING, State.ASSIGNED)
UNRESOLVED = (State.PENDING, State.ASSIGNED, State.ACCEPTED, State.IN_PROGRESS, State.SUSPENDED)

OF_REPORT: Lifecycle[State, Action, Step] = Lifecycle(
    "work_order_of_report",
    "工单",
    "work order",
    {
        **{(state, Action.CORRECT): Step(state) for state in State},
        **{
            (state, action): Step(after, accept=Effect.RESTART, resolve=Effect.REMEASURE)
            for action, after in ((Action.REROUTE, State.ASSIGNED), (Action.RECALL, State.PENDING))
            for state in UNRESOLVED
        },
        (State.CLOSED, Action.REOPEN): Step(State.ASSIGNED, accept=Effect.RESTART, resolve=Effect.RESTART),
    },
)
"""What happens to a work order because it happened to its report: nobody does it by hand. `correct`: place or category
are others, work goes on; `reroute`: another unit must act; `recall`: the dispatcher must find one."""

OF_HAZARD: Lifecycle[State, Action, Step] = Lifecycle(
    "work_order_of_hazard",
    "工单",
    "work order",
    {
        **{(state, Action.GAIN_HAZARD): Step(state) for state in UNRESOLVED if state is not State.SUSPENDED},
        (State.SUSPENDED, Action.GAIN_HAZARD): Step(State.IN_PROGRESS),
        **{
            (state, Action.HAZARD_SUBMITTED): Step(State.RESOLVED, accept=Effect.FULFIL, resolve=Effect.FULFIL)
            for state in UNRESOLVED
        },
        **{(state, Action.HAZARD_FAILED): Step(state) for state in UNRESOLVED},
        (State.RESOLVED, Action.HAZARD_FAILED): Step(State.IN_PROGRESS, resolve=Effect.CONTINUE),
        **{
            (state, Action.HAZARD_PASSED): Step(State.CLOSED, accept=Effect.FULFIL, resolve=Effect.FULFIL)
            for state in State
            if state is not State.CLOSED
        },
        **{(state, Action.HAZARD_REDATED): Step(state) for state in State if state is not State.CLOSED},
    },
)
"""What happens to a work order because it happened to its hazard: nobody does it by hand. `gain-hazard`: its report was
made a hazard; `hazard-submitted`: the hazard is said to be put right; a re-inspection then closes it, or it is rework."""

BY_HAZARD: frozenset[Action] = frozenset({Action.VERIFY, Action.REWORK, Action.CLOSE})
"""What the re-inspection of the hazard does to a work order that has one, and nobody by hand."""
DATED_BY_HAZARD: frozenset[Action] = frozenset(
    {Action.ASK_SUSPENSION, Action.GRANT_SUSPENSION, Action.ASK_EXTENSION, Action.GRANT_EXTENSION, Action.DECLINE}
)
"""What would move the limit to resolve, which is the hazard's deadline."""

OF_UNITS: Lifecycle[State, Action, Step] = Lifecycle(
    "work_order_of_units",
    "工单",
    "work order",
    {
        **{(state, Action.SUCCEED): Step(state) for state in State if state is not State.CLOSED},
        **{(state, Action.REROUTE): Step(State.ASSIGNED, accept=Effect.RESTART) for state in _NOT_ACCEPTED},
        **{(state, Action.CORRECT): Step(state) for state in _NOT_ACCEPTED},
    },
)
"""What happens to a work order because of units. `succeed`: they were restructured, and who succeeds them must act, within
the same limits; `reroute`, `correct`: dispatch heard of them after it had opened the work order."""

OF_CALENDAR: Lifecycle[State, Action, Step] = Lifecycle(
    "work_order_of_calendar",
    "工单",
    "work order",
    {(state, Action.REMEASURE): Step(state) for state in UNRESOLVED},
)
"""What happens to a work order because a year's holidays were announced: its limits in working time move."""

OPEN_REQUEST: Mapping[Action, frozenset[Kind | None]] = {
    Action.ASK_SUSPENSION: frozenset({None}),
    Action.ASK_EXTENSION: frozenset({None}),
    Action.GRANT_SUSPENSION: frozenset({Kind.SUSPENSION}),
    Action.GRANT_EXTENSION: frozenset({Kind.EXTENSION}),
    Action.DECLINE: frozenset(Kind),
}
"""The actions that depend on what is asked for and not decided → what that must be; None: nothing."""


def roles_of(action: Action) -> frozenset[Role]:
    """All roles that may take `action` in some state."""
    steps = (step for (_, known), step in LIFE.moves.items() if known is action)
    return frozenset[Role]().union(*(step.roles | step.area_roles for step in steps))
