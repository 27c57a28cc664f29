"""What the endpoints for proposals take and give."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.proposals.proposal import Proposal, Proposed, State
from services.registry.units.put_unit import Wanted
from services.registry.units.schemas import StateBrief, UnitFacts, state_shown
from shared.http.types import Code, MediumText, StrictModel

MOST_CHANGES = 20


class WantedBody(StrictModel):
    """What is to be true of a unit; `version` is the one you read, null for a new unit."""

    code: Code
    version: Annotated[int, Field(ge=1)] | None = None
    unit: UnitFacts

    def wanted(self) -> Wanted:
        return Wanted(self.unit.state(self.code), self.version)


class ProposalBody(StrictModel):
    """Changes that take effect together or not at all: of a border, both new boundaries."""

    changes: Annotated[tuple[WantedBody, ...], Field(min_length=1, max_length=MOST_CHANGES)]
    why: MediumText


class AnswerBody(StrictModel):
    why: MediumText | None = None


class DeclineBody(StrictModel):
    why: MediumText


class ProposalBrief(BaseModel):
    """`units` would change, `concerned` are all whom that concerns, `decided_in` is the unit above them (null: only the
    platform's administrators stand above). People are the subjects they sign in with, and their names."""

    id: UUID
    state: State
    units: list[str]
    concerned: list[str]
    decided_in: str | None
    proposed_by: str
    proposed_by_name: str | None
    proposed_in: str | None
    proposed_at: datetime
    why: str
    decided_by: str | None
    decided_by_name: str | None
    decided_at: datetime | None
    answer: str | None
    version: int


class StateOut(StateBrief):
    boundary: dict[str, Any] | None


class ChangeOut(BaseModel):
    """One unit before (null: it is new) and after; `version` is the one that was read."""

    version: int | None
    before: StateOut | None
    after: StateOut


class ProposalOut(ProposalBrief):
    changes: list[ChangeOut]


def brief(proposal: Proposal, people: Mapping[str, str]) -> ProposalBrief:
    return ProposalBrief.model_validate(_fields(proposal, people))


def shown(proposal: Proposal, people: Mapping[str, str]) -> ProposalOut:
    changes = [_change(one) for one in proposal.changes]
    return ProposalOut.model_validate(_fields(proposal, people) | {"changes": changes})


def _fields(proposal: Proposal, people: Mapping[str, str]) -> dict[str, Any]:
    called = {
        "proposed_by_name": people.get(proposal.proposed_by),
        "decided_by_name": people.get(proposal.decided_by or ""),
        "units": [change.after.code for change in proposal.changes],
    }
    return {name: getattr(proposal, name) for name in ProposalBrief.model_fields if name not in called} | called


def _change(change: Proposed) -> dict[str, Any]:
    before = state_shown(change.before) if change.before else None
    return {"version": change.version, "before": before, "after": state_shown(change.after)}
