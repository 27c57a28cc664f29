"""The life of a hazard as one table: state × action → state, who may, and what it does to its three limits.

Only a passed re-inspection closes a hazard that was not fixed on the spot. What is not in the table is refused with the
list of what is possible. Rules: docs/rules.md §1.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.auth.principal import Role
from shared.lifecycle import Lifecycle, Move
from shared.limits import Effect


class State(StrEnum):
    """`found` lasts for no longer than the finding: what was found is fixed, or has a deadline."""

    FOUND = "found"
    FIXED_ON_SPOT = "fixed_on_spot"
    RECTIFYING = "rectifying"
    OVERDUE = "overdue"
    TRANSFERRED = "transferred"
    AWAITING_REINSPECTION = "awaiting_reinspection"
    RECTIFIED = "rectified"


class Action(StrEnum):
    """As they stand in paths, on the trail and in events."""

    FIX_ON_SPOT = "fix-on-spot"
    ORDER = "order"
    STATE_SHEET = "state-sheet"
    SUBMIT = "submit"
    PASS = "pass"  # noqa: S105 - of a re-inspection
    FAIL = "fail"
    ASK_EXTENSION = "ask-extension"
    GRANT_EXTENSION = "grant-extension"
    DECLINE_EXTENSION = "decline-extension"
    TRANSFER = "transfer"
    RECHECK = "recheck"
    ADD_PHOTOS = "add-photos"
    JUDGE_MAJOR = "judge-major"
    REPORT = "report"
    LIST = "list"
    DECLINE_LISTING = "decline-listing"
    DELIST = "delist"
    HAVE_ORDER = "have-order"
    """Its work order was opened: nobody does it here."""
    LAPSE = "lapse"
    """The deadline passed: nobody does it."""
    REOPEN = "reopen"
    """Whoever reported it was not content: nobody here does it."""


class Listing(StrEnum):
    """How far a major hazard's listing (挂牌督办) has come: reported in writing, then decided by the government."""

    NONE = "none"
    REPORTED = "reported"
    LISTED = "listed"
    DECLINED = "declined"
    DELISTED = "delisted"


@dataclass(frozen=True, slots=True)
class Step(Move):
    """A move, and what it does to the limits that the hazard has.

    Where `after` is `rectifying` a hazard whose deadline has passed is `overdue`, and one that was transferred is
    `transferred` again (`hazard.standing`)."""

    after: State
    rectify: Effect = Effect.KEEP
    recheck: Effect = Effect.KEEP
    listing: Effect = Effect.KEEP


_PLATFORM: Final = frozenset[Role]()
_INSPECTORS: Final = frozenset(
    {Role.GRID_WORKER, Role.DEPARTMENT_HANDLER, Role.POLICE_LIAISON, Role.SUPERVISOR, Role.LEADER, Role.ADMIN}
)
_RECTIFIERS: Final = frozenset({Role.GRID_WORKER, Role.DEPARTMENT_HANDLER, Role.LEADER, Role.SAFETY_MANAGER})
_OFFICES: Final = frozenset({Role.DEPARTMENT_HANDLER, Role.SUPERVISOR, Role.LEADER})
_DECIDERS: Final = frozenset({Role.SUPERVISOR, Role.LEADER})

FINDERS: Final = _INSPECTORS
"""Who enters a hazard that was found. A safety manager finds one by a check of the own premises."""
UNRECTIFIED: Final = (State.RECTIFYING, State.OVERDUE, State.TRANSFERRED)
OPEN: Final = frozenset({*UNRECTIFIED, State.AWAITING_REINSPECTION})
"""What is not closed."""


def _in(states: tuple[State, ...], action: Action, roles: frozenset[Role]) -> Mapping[tuple[State, Action], Step]:
    """An action that leaves the state as it is."""
    return {(state, action): Step(state, roles) for state in states}


LIFE: Final[Lifecycle[State, Action, Step]] = Lifecycle(
    "hazard",
    "隐患",
    "hazard",
    {
        (State.FOUND, Action.FIX_ON_SPOT): Step(State.FIXED_ON_SPOT),
        (State.FOUND, Action.ORDER): Step(State.RECTIFYING),
        **{
            (state, Action.SUBMIT): Step(State.AWAITING_REINSPECTION, _RECTIFIERS, rectify=Effect.FULFIL)
            for state in UNRECTIFIED
        },
        (State.AWAITING_REINSPECTION, Action.PASS): Step(State.RECTIFIED, _INSPECTORS, recheck=Effect.STOP),
        (State.AWAITING_REINSPECTION, Action.FAIL): Step(
            State.RECTIFYING, _INSPECTORS, rectify=Effect.CONTINUE, recheck=Effect.RESTART
        ),
        **_in(UNRECTIFIED, Action.STATE_SHEET, _RECTIFIERS),
        **_in((State.RECTIFYING, State.OVERDUE), Action.ASK_EXTENSION, _RECTIFIERS),
        (State.RECTIFYING, Action.GRANT_EXTENSION): Step(State.RECTIFYING, _DECIDERS),
        (State.OVERDUE, Action.GRANT_EXTENSION): Step(State.RECTIFYING, _DECIDERS),
        **_in((State.RECTIFYING, State.OVERDUE), Action.DECLINE_EXTENSION, _DECIDERS),
        **_in((*UNRECTIFIED, State.AWAITING_REINSPECTION, State.RECTIFIED), Action.HAVE_ORDER, _PLATFORM),
        (State.RECTIFYING, Action.LAPSE): Step(State.OVERDUE, _PLATFORM),
        (State.OVERDUE, Action.TRANSFER): Step(State.TRANSFERRED, _OFFICES),
        (State.TRANSFERRED, Action.RECHECK): Step(State.TRANSFERRED, _INSPECTORS, recheck=Effect.RESTART),
        **_in((*UNRECTIFIED, State.AWAITING_REINSPECTION), Action.ADD_PHOTOS, _INSPECTORS | _RECTIFIERS),
        **_in((*UNRECTIFIED, State.AWAITING_REINSPECTION), Action.JUDGE_MAJOR, _OFFICES),
        **_in((*UNRECTIFIED, State.AWAITING_REINSPECTION), Action.REPORT, _OFFICES),
        **{
            (state, action): Step(state, _DECIDERS, listing=Effect.FULFIL)
            for action in (Action.LIST, Action.DECLINE_LISTING)
            for state in (*UNRECTIFIED, State.AWAITING_REINSPECTION)
        },
        (State.RECTIFIED, Action.DECLINE_LISTING): Step(State.RECTIFIED, _DECIDERS, listing=Effect.FULFIL),
        (State.RECTIFIED, Action.DELIST): Step(State.RECTIFIED, _DECIDERS),
        (State.RECTIFIED, Action.REOPEN): Step(State.RECTIFYING, _PLATFORM, rectify=Effect.RESTART),
    },
)
