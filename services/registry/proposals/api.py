"""Proposals over HTTP: proposing changes that concern others, and deciding on them where you stand above both."""

from typing import Annotated

from fastapi import Query

from services.registry.deps import Keeper, Registry, RegistryDep, Staff, trail_route
from services.registry.proposals.handlers import approve, decline, propose_changes, withdraw_own
from services.registry.proposals.proposal import LIFE, Action, Proposal
from services.registry.proposals.schemas import (
    AnswerBody,
    DeclineBody,
    ProposalBody,
    ProposalBrief,
    ProposalOut,
    brief,
    shown,
)
from services.registry.proposals.store import ProposalQuery, ProposalReader
from shared.http.call import Call
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import Id

routes = router(tags=["变更申请 · Proposals"])


@routes.get("/proposals")
async def find(
    query: Annotated[ProposalQuery, Query()], caller: Staff, registry: RegistryDep
) -> PageOut[ProposalBrief]:
    """Proposals that concern your part of the tree, oldest first; `waiting=true`: that you are to decide · 变更申请。"""
    async with registry.uow() as uow:
        found = await ProposalReader(uow, caller).find(query).page(query.limit, query.after)
        named = (who for one in found.rows for who in (one.proposed_by, one.decided_by))
        people = await registry.people(uow, caller, named)
    return PageOut.of(found, lambda one: brief(one, people))


proposals = Things(routes, "/proposals/{proposal_id}", RegistryDep, LIFE.roles_of)


@proposals.get(Staff)
async def read(proposal_id: Id, call: Call[Registry]) -> ProposalOut:
    """One proposal with each unit before and after; its ETag is what a decision wants · 单个变更申请。"""
    return await _shown(await ProposalReader(call.uow, call.caller).one(proposal_id), call)


trail_route(routes, "/proposals/{proposal_id}", ProposalReader, "the proposal")


@proposals.post(Keeper, max_body_size=2 * 1024 * 1024)
async def propose(body: ProposalBody, call: Call[Registry]) -> ProposalOut:
    """Propose what you may not do alone: a border moved, a unit taken over, service or a function for others. One of the
    units must be yours; the lowest unit above all whom it concerns decides · 提出变更申请。"""
    wanted = [change.wanted() for change in body.changes]
    return await _shown(await propose_changes(wanted, body.why, call.caller, call.uow, call.service.holders), call)


@proposals.on(Action.APPROVE)
async def approve_(proposal_id: Id, version: ExpectedVersion, body: AnswerBody, call: Call[Registry]) -> ProposalOut:
    """Approve it: all its changes take effect now, or none where things changed meanwhile (409) · 批准。"""
    holders = call.service.holders
    return await _shown(await approve(proposal_id, version, call.caller, call.uow, holders, why=body.why), call)


@proposals.on(Action.DECLINE)
async def decline_(proposal_id: Id, version: ExpectedVersion, body: DeclineBody, call: Call[Registry]) -> ProposalOut:
    """Decline it, with the reason · 驳回。"""
    return await _shown(await decline(proposal_id, version, call.caller, call.uow, why=body.why), call)


@proposals.on(Action.WITHDRAW)
async def withdraw(proposal_id: Id, version: ExpectedVersion, body: AnswerBody, call: Call[Registry]) -> ProposalOut:
    """Take back what you proposed yourself · 撤回。"""
    return await _shown(await withdraw_own(proposal_id, version, call.caller, call.uow, why=body.why), call)


async def _shown(one: Proposal, call: Call[Registry]) -> ProposalOut:
    return shown(one, await call.service.people(call.uow, call.caller, (one.proposed_by, one.decided_by)))
