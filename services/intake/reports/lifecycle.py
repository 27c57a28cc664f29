"""The lifecycle of a report as one table. What is not in it is refused, with what would be possible."""

from enum import StrEnum
from typing import Final

from shared.auth.principal import Role
from shared.lifecycle import Lifecycle, Move


class Status(StrEnum):
    RECEIVED = "received"
    NEEDS_REVIEW = "needs_review"
    TRIAGED = "triaged"
    REJECTED = "rejected"
    DISPATCHED = "dispatched"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    DUPLICATE = "duplicate"
    """The same as another report, which is open: its reporter follows that one."""


OPEN: Final = frozenset({Status.RECEIVED, Status.NEEDS_REVIEW, Status.TRIAGED, Status.DISPATCHED, Status.REOPENED})
"""What is not dealt with yet."""


ENDED: Final = frozenset({Status.CLOSED, Status.REJECTED})
"""What stays where it was when units are restructured."""


class Action(StrEnum):
    SUBMIT = "submit"
    TRIAGE = "triage"
    ASK_REVIEW = "ask_review"
    REJECT = "reject"
    CORRECT = "correct"
    DISPATCH = "dispatch"
    RESOLVE = "resolve"
    REWORK = "rework"
    CLOSE = "close"
    RATE = "rate"
    REOPEN = "reopen"
    WORK_AGAIN = "work_again"
    MAKE_HAZARD = "make_hazard"
    SUCCEED = "succeed"
    REVEAL_REPORTER = "reveal_reporter"
    REVEAL_WORDS = "reveal_words"
    JOIN = "join"
    """A further person says the same."""


SILENT: Final = frozenset({Action.REVEAL_REPORTER, Action.REVEAL_WORDS, Action.JOIN})
"""What changes nothing that anybody decides by: a version that only these lie behind is as good as the newest."""
SENDERS: Final = (
    Role.RESIDENT, Role.GRID_WORKER, Role.INTAKE_CLERK, Role.DISPATCHER, Role.SERVICE, Role.ADMIN,
)  # fmt: skip
"""Who sends reports, and photos for them."""
CALLERS_BACK: Final = frozenset({Role.RESIDENT, Role.INTAKE_CLERK, Role.ADMIN})
"""Who rates and reopens: the reporter, or who speaks for them after a call-back (回访)."""
TRIAGERS: Final = frozenset({Role.INTAKE_CLERK, Role.DISPATCHER, Role.ADMIN})
"""Who decides about what the rules could not, and may ask who reported."""

LIFE: Final[Lifecycle[Status, Action, Move]] = Lifecycle(
    "report",
    "民情",
    "report",
    {
        (Status.RECEIVED, Action.TRIAGE): Move(Status.TRIAGED),
        (Status.RECEIVED, Action.ASK_REVIEW): Move(Status.NEEDS_REVIEW),
        (Status.NEEDS_REVIEW, Action.TRIAGE): Move(Status.TRIAGED, TRIAGERS),
        (Status.NEEDS_REVIEW, Action.REJECT): Move(Status.REJECTED, TRIAGERS),
        (Status.TRIAGED, Action.CORRECT): Move(Status.TRIAGED, TRIAGERS),
        (Status.TRIAGED, Action.MAKE_HAZARD): Move(Status.TRIAGED, TRIAGERS),
        (Status.DISPATCHED, Action.MAKE_HAZARD): Move(Status.DISPATCHED, TRIAGERS),
        (Status.TRIAGED, Action.DISPATCH): Move(Status.DISPATCHED),
        (Status.DISPATCHED, Action.CORRECT): Move(Status.DISPATCHED, TRIAGERS),
        (Status.DISPATCHED, Action.RESOLVE): Move(Status.RESOLVED),
        (Status.RESOLVED, Action.REWORK): Move(Status.DISPATCHED),
        (Status.RESOLVED, Action.CLOSE): Move(Status.CLOSED),
        (Status.CLOSED, Action.RATE): Move(Status.CLOSED, CALLERS_BACK),
        (Status.CLOSED, Action.REOPEN): Move(Status.REOPENED, CALLERS_BACK),
        (Status.CLOSED, Action.WORK_AGAIN): Move(Status.DISPATCHED),
        (Status.REOPENED, Action.WORK_AGAIN): Move(Status.DISPATCHED),
        (Status.DUPLICATE, Action.RATE): Move(Status.DUPLICATE, CALLERS_BACK),
        **{(status, Action.JOIN): Move(status, frozenset(SENDERS)) for status in Status if status in OPEN},
    },
)

_FOLLOWING: Final = frozenset({Action.DISPATCH, Action.RESOLVE, Action.REWORK, Action.CLOSE, Action.WORK_AGAIN})
"""What happens to a report because it happened to its work order. Nothing else may be inferred."""


def move(status: Status, action: Action) -> Status:
    """The status after `action`. Raises Conflict, naming what is possible, when the table has no such row."""
    return Status(LIFE.move(status, action).after)


def way(status: Status, action: Action) -> tuple[Action, ...]:
    """The fewest moves of a work order that end with `action`; empty when a report in `status` cannot follow there."""
    ways: dict[Status, tuple[Action, ...]] = {status: ()}
    reached = [status]
    for at in reached:
        if action in LIFE.possible(at):
            return (*ways[at], action)
        for step in LIFE.possible(at):
            after = move(at, step)
            if step in _FOLLOWING and after not in ways:
                ways[after] = (*ways[at], step)
                reached.append(after)  # the loop goes on to it
    return ()
