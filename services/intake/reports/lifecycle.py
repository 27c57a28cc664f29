"""The lifecycle of a report as one table. What is not in it is refused, with what would be possible."""

from enum import StrEnum
from typing import Final

from shared.errors import Conflict


class Status(StrEnum):
    RECEIVED = "received"
    NEEDS_REVIEW = "needs_review"
    TRIAGED = "triaged"
    REJECTED = "rejected"
    DISPATCHED = "dispatched"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Action(StrEnum):
    SUBMIT = "submit"
    TRIAGE = "triage"
    ASK_REVIEW = "ask_review"
    REJECT = "reject"
    DISPATCH = "dispatch"
    RESOLVE = "resolve"
    REWORK = "rework"
    CLOSE = "close"


TRANSITIONS: dict[tuple[Status, Action], Status] = {
    (Status.RECEIVED, Action.TRIAGE): Status.TRIAGED,
    (Status.RECEIVED, Action.ASK_REVIEW): Status.NEEDS_REVIEW,
    (Status.NEEDS_REVIEW, Action.TRIAGE): Status.TRIAGED,
    (Status.NEEDS_REVIEW, Action.REJECT): Status.REJECTED,
    (Status.TRIAGED, Action.DISPATCH): Status.DISPATCHED,
    (Status.DISPATCHED, Action.RESOLVE): Status.RESOLVED,
    (Status.RESOLVED, Action.REWORK): Status.DISPATCHED,
    (Status.RESOLVED, Action.CLOSE): Status.CLOSED,
}

_FOLLOWING: Final = frozenset({Action.DISPATCH, Action.RESOLVE, Action.REWORK, Action.CLOSE})
"""What happens to a report because it happened to its work order. Nothing else may be inferred."""


def move(status: Status, action: Action) -> Status:
    """The status after `action`. Raises Conflict, naming what is possible, when the table has no such row."""
    after = TRANSITIONS.get((status, action))
    if after is None:
        possible = sorted(a for s, a in TRANSITIONS if s is status)
        raise Conflict(
            "report_action_not_possible",
            f"民情当前状态为“{status}”，不能执行“{action}”。可执行：{'、'.join(possible) or '无'}。",
            f"The report is {status}; {action} is not possible. Possible: {', '.join(possible) or 'nothing'}.",
            data={"status": status, "action": action, "possible": possible},
        )
    return after


def way(status: Status, action: Action) -> tuple[Action, ...]:
    """The fewest moves of a work order that end with `action`; empty when a report in `status` cannot follow there."""
    ways: dict[Status, tuple[Action, ...]] = {status: ()}
    reached = [status]
    for at in reached:
        if (at, action) in TRANSITIONS:
            return (*ways[at], action)
        for (before, step), after in TRANSITIONS.items():
            if before is at and step in _FOLLOWING and after not in ways:
                ways[after] = (*ways[at], step)
                reached.append(after)  # the loop goes on to it
    return ()
