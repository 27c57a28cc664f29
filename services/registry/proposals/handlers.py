"""Proposing changes of units, and deciding on them. What is approved is written by the handler of units itself."""

from collections.abc import Sequence
from uuid import UUID

from services.registry.competence import require_place
from services.registry.deps import Holders
from services.registry.errors import (
    PROPOSAL_NOT_NEEDED,
    PROPOSAL_STALE,
    PROPOSAL_UNIT_REPEATED,
)
from services.registry.proposals.proposal import LIFE, Action, Proposal, Proposed, State, decide, propose, withdraw
from services.registry.proposals.store import ProposalReader, Proposals
from services.registry.units.crossing import lowest_above
from services.registry.units.put_unit import Wanted, concerns_of, draft_units, put_units
from services.registry.units.store import Units
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.change import Change
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, Invalid, NotFound, require_version
from shared.ids import new_id


async def propose_changes(
    wanted: Sequence[Wanted], why: str, caller: Principal, uow: UnitOfWork, holders: Holders
) -> Proposal:
    """What the caller may not do alone, as a proposal. Raises Forbidden unless one of the units is the caller's, Conflict
    where nobody else is concerned, and whatever the changes would be refused for."""
    codes = [one.state.code for one in wanted]
    if len(set(codes)) < len(codes):
        raise PROPOSAL_UNIT_REPEATED()
    drafts = [one for one in await draft_units(wanted, caller, uow, holders, mine=any) if one.change is not None]
    concerns = concerns_of(drafts)
    if all(concern.reached for concern in concerns):
        raise PROPOSAL_NOT_NEEDED()
    proposal = Proposal(
        id=new_id(),
        state=State.PROPOSED,
        changes=tuple(
            Proposed(
                draft.before.version if draft.before else None,
                draft.before.state if draft.before else None,
                draft.after.state,
            )
            for draft in drafts
        ),
        concerned=tuple(sorted({concern.whose for concern in concerns})),
        decided_in=lowest_above(concern.line for concern in concerns),
        proposed_by=caller.subject,
        proposed_in=caller.unit,
        proposed_at=uow.now,
        why=why,
        decided_by=None,
        decided_at=None,
        answer=None,
        version=1,
    )
    Proposals.of(uow).add(propose(proposal, by=caller))
    return proposal


async def approve(
    id: UUID, version: int, caller: Principal, uow: UnitOfWork, holders: Holders, *, why: str | None
) -> Proposal:
    """The proposal, approved, with all its changes made. Raises Conflict, and changes nothing, where a unit is not as it
    was when it was proposed, or a rule is broken by now."""
    change = await _decision(id, version, Action.APPROVE, caller, uow, why)
    wanted = [Wanted(one.after, one.version) for one in change.after.changes]
    try:
        await put_units(
            wanted, caller, uow, holders, why=change.after.why,
            because={"proposal": str(id), "proposed_by": change.after.proposed_by},
        )  # fmt: skip
    except (Conflict, NotFound, Invalid) as error:
        raise PROPOSAL_STALE(zh_why=error.zh, en_why=error.en, data=error.data) from error
    Proposals.of(uow).put(change)
    return change.after


async def decline(id: UUID, version: int, caller: Principal, uow: UnitOfWork, *, why: str) -> Proposal:
    change = await _decision(id, version, Action.DECLINE, caller, uow, why)
    Proposals.of(uow).put(change)
    return change.after


async def withdraw_own(id: UUID, version: int, caller: Principal, uow: UnitOfWork, *, why: str | None) -> Proposal:
    proposal = await _visible(id, version, caller, uow)
    change = withdraw(proposal, by=caller, now=uow.now, why=why)
    Proposals.of(uow).put(change)
    return change.after


async def _decision(
    id: UUID, version: int, action: Action, caller: Principal, uow: UnitOfWork, why: str | None
) -> Change[Proposal]:
    proposal = await _visible(id, version, caller, uow)
    LIFE.move(proposal.state, action)
    above = [unit.code for unit in await Units.of(uow).ancestors(proposal.decided_in)] if proposal.decided_in else []
    require_place(caller, above, own=True)
    return decide(proposal, action, by=caller, now=uow.now, why=why)


async def _visible(id: UUID, version: int, caller: Principal, uow: UnitOfWork) -> Proposal:
    await alone(uow)
    proposal = await ProposalReader(uow, caller).one(id)
    require_version(version, proposal.version)
    return proposal
