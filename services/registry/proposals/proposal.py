"""The proposal (变更申请): changes of units that draw others' work, and what the unit above both decided.

Pure. What is proposed takes effect when it is approved, all of it at once; until then the registry knows nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.registry.errors import PROPOSAL_NOT_YOURS, PROPOSAL_OWN
from services.registry.units.unit import UnitState
from shared.auth.principal import Principal, Role
from shared.change import Change
from shared.lifecycle import Lifecycle, Move


class State(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


_KEEPERS: Final = frozenset({Role.ADMIN, Role.LEADER})
LIFE: Final[Lifecycle[State, Action, Move]] = Lifecycle(
    "proposal",
    "变更申请",
    "proposal",
    {
        (State.PROPOSED, Action.APPROVE): Move(State.APPROVED, _KEEPERS),
        (State.PROPOSED, Action.DECLINE): Move(State.DECLINED, _KEEPERS),
        (State.PROPOSED, Action.WITHDRAW): Move(State.WITHDRAWN, _KEEPERS),
    },
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What would change of one unit: its state at `version`, which is None for a new one, and the state wanted."""

    version: int | None
    before: UnitState | None
    after: UnitState


@dataclass(frozen=True, slots=True)
class Proposal:
    """`concerned` are the units whose keepers must not be passed over; `decided_in` the lowest unit above all of them,
    None where only the platform's administrators stand above. People are subjects, never names."""

    id: UUID
    state: State
    changes: tuple[Proposed, ...]
    concerned: tuple[str, ...]
    decided_in: str | None
    proposed_by: str
    proposed_in: str | None
    proposed_at: datetime
    why: str
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None
    version: int


def propose(proposal: Proposal, *, by: Principal) -> Change[Proposal]:
    """The proposal as new."""
    what = {"units": [change.after.code for change in proposal.changes], "decided_in": proposal.decided_in}
    return Change(proposal, "propose", by.actor(), proposal.proposed_at, why=proposal.why, what=what)


def withdraw(proposal: Proposal, *, by: Principal, now: datetime, why: str | None) -> Change[Proposal]:
    """Taken back by who made it. Raises Forbidden for anybody else, Conflict once it is decided."""
    if by.subject != proposal.proposed_by:
        raise PROPOSAL_NOT_YOURS()
    return _decided(proposal, Action.WITHDRAW, by, now, why)


def decide(proposal: Proposal, action: Action, *, by: Principal, now: datetime, why: str | None) -> Change[Proposal]:
    """Approved or declined. Raises Forbidden for who made it, Conflict once it is decided."""
    if by.subject == proposal.proposed_by:
        raise PROPOSAL_OWN()
    return _decided(proposal, action, by, now, why)


def _decided(proposal: Proposal, action: Action, by: Principal, now: datetime, why: str | None) -> Change[Proposal]:
    state = State(LIFE.move(proposal.state, action).after)
    after = replace(
        proposal, state=state, decided_by=by.subject, decided_at=now, answer=why, version=proposal.version + 1
    )
    what: Mapping[str, Any] = {"units": [change.after.code for change in proposal.changes]}
    return Change(after, action.value, by.actor(), now, why=why, what=what)
