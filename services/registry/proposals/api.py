"""Proposals over HTTP: proposing changes that concern others, and deciding on them where you stand above both."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

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
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.http.actions import Actions
from shared.http.call import Call
from shared.http.etags import answer
from shared.http.pages import PageOut
from shared.http.routes import router
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


@routes.get("/proposals/{proposal_id}")
async def read(proposal_id: Id, caller: Staff, registry: RegistryDep, response: Response) -> ProposalOut:
    """One proposal with each unit before and after; its ETag is what a decision wants · 单个变更申请。"""
    async with registry.uow() as uow:
        proposal = await ProposalReader(uow, caller).one(proposal_id)
        out = await _named(proposal, caller, uow, registry)
    answer(response, out.version)
    return out


trail_route(routes, "/proposals/{proposal_id}", ProposalReader, "the proposal")


@routes.post("/proposals", status_code=201, max_body_size=2 * 1024 * 1024)
async def propose(body: ProposalBody, caller: Keeper, registry: RegistryDep, response: Response) -> ProposalOut:
    """Propose what you may not do alone: a border moved, a unit taken over, service or a function for others. One of the
    units must be yours; the lowest unit above all whom it concerns decides · 提出变更申请。"""
    wanted = [change.wanted() for change in body.changes]
    async with registry.uow() as uow:
        out = await _named(
            await propose_changes(wanted, body.why, caller, uow, registry.holders), caller, uow, registry
        )
    answer(response, out.version)
    return out


async def _done(proposal: Proposal, call: Call[Registry]) -> ProposalOut:
    return await _named(proposal, call.caller, call.uow, call.service)


async def _named(proposal: Proposal, caller: Principal, uow: UnitOfWork, registry: Registry) -> ProposalOut:
    return shown(proposal, await registry.people(uow, caller, (proposal.proposed_by, proposal.decided_by)))


act = Actions(routes, "/proposals/{proposal_id}", LIFE.roles_of, service=RegistryDep, shows=ProposalOut, show=_done)


@act.on(Action.APPROVE)
async def approve_(proposal_id: UUID, version: int, body: AnswerBody, call: Call[Registry]) -> Proposal:
    """Approve it: all its changes take effect now, or none where things changed meanwhile (409) · 批准。"""
    return await approve(proposal_id, version, call.caller, call.uow, call.service.holders, why=body.why)


@act.on(Action.DECLINE)
async def decline_(proposal_id: UUID, version: int, body: DeclineBody, call: Call[Registry]) -> Proposal:
    """Decline it, with the reason · 驳回。"""
    return await decline(proposal_id, version, call.caller, call.uow, why=body.why)


@act.on(Action.WITHDRAW)
async def withdraw(proposal_id: UUID, version: int, body: AnswerBody, call: Call[Registry]) -> Proposal:
    """Take back what you proposed yourself · 撤回。"""
    return await withdraw_own(proposal_id, version, call.caller, call.uow, why=body.why)
