"""Restructurings over HTTP: drafted by the keeper of an area, looked at before, decided on, and called off in time."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.registry.deps import Keeper, Registry, RegistryDep, Staff, trail_route
from services.registry.proposals.schemas import AnswerBody, DeclineBody
from services.registry.restructuring.draft_plan import cancel_plan, change_plan, decide_plan, draft_plan, send_plan
from services.registry.restructuring.lifecycle import Action
from services.registry.restructuring.plan import Restructuring
from services.registry.restructuring.preview import preview
from services.registry.restructuring.schemas import (
    PreviewOut,
    RestructuringBody,
    RestructuringBrief,
    RestructuringOut,
    brief,
    previewed,
    shown,
)
from services.registry.restructuring.store import RestructuringQuery, RestructuringReader
from shared.http.call import Call
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import Id

routes = router(tags=["单位调整 · Restructuring"])
LARGEST = 16 * 1024 * 1024


@routes.get("/restructurings")
async def find(
    query: Annotated[RestructuringQuery, Query()], caller: Staff, registry: RegistryDep
) -> PageOut[RestructuringBrief]:
    """Restructurings that concern your part of the tree, newest first; `waiting=true`: that you are to decide · 调整方案。"""
    async with registry.uow() as uow:
        found = await RestructuringReader(uow, caller).find(query).page(query.limit, query.after)
        named = (row[who] for row in found.rows for who in ("drafted_by", "decided_by"))
        people = await registry.people(uow, caller, named)
    return PageOut.of(found, lambda row: brief(row, people))


plans = Things(routes, "/restructurings/{restructuring_id}", RegistryDep)


@plans.get(Staff)
async def read(restructuring_id: Id, call: Call[Registry]) -> RestructuringOut:
    """One plan with its steps; its ETag is what changes and decisions want · 单个调整方案。"""
    reader = RestructuringReader(call.uow, call.caller)
    plan = await reader.one(restructuring_id)
    return await named_plan(plan, call, moving=await reader.still_moving(plan.id))


@routes.get("/restructurings/{restructuring_id}/preview")
async def look(restructuring_id: Id, caller: Staff, registry: RegistryDep) -> PreviewOut:
    """What it would do as things stand: units before and after in percent, what cannot be done, what moves where · 预览。"""
    async with registry.uow() as uow:
        plan = await RestructuringReader(uow, caller).one(restructuring_id)
        found = await preview(plan, caller, uow)
    return previewed(found)


trail_route(routes, "/restructurings/{restructuring_id}", RestructuringReader, "the plan")


@plans.post(Keeper, max_body_size=LARGEST)
async def draft(body: RestructuringBody, call: Call[Registry]) -> RestructuringOut:
    """Draft a plan: units merge, split, move, are renamed or dissolved together on a day. Nothing happens before it is
    sent and decided on · 起草方案。"""
    steps = [step.step() for step in body.steps]
    return await named_plan(await draft_plan(steps, body.effective_from, body.why, call.caller, call.uow), call)


@plans.put(Keeper, max_body_size=LARGEST)
async def change(
    restructuring_id: Id, version: ExpectedVersion, body: RestructuringBody, call: Call[Registry]
) -> RestructuringOut:
    """State your draft anew · 修改草案。"""
    said = [step.step() for step in body.steps], body.effective_from, body.why
    return await named_plan(await change_plan(restructuring_id, version, *said, call.caller, call.uow), call)


@plans.act(Keeper, "submit")
async def submit(restructuring_id: Id, version: ExpectedVersion, call: Call[Registry]) -> RestructuringOut:
    """Send your draft on its way: it is approved at once where it concerns only your part of the tree, else the lowest
    unit above all whom it concerns decides · 提交。"""
    return await named_plan(await send_plan(restructuring_id, version, call.caller, call.uow), call)


@plans.act(Keeper, "approve")
async def approve(
    restructuring_id: Id, version: ExpectedVersion, body: AnswerBody, call: Call[Registry]
) -> RestructuringOut:
    """Approve it: all of it takes effect at its instant, or none · 批准。"""
    return await _decided(restructuring_id, version, Action.APPROVE, body.why, call)


@plans.act(Keeper, "decline")
async def decline(
    restructuring_id: Id, version: ExpectedVersion, body: DeclineBody, call: Call[Registry]
) -> RestructuringOut:
    """Decline it, with the reason: it is a draft again · 退回。"""
    return await _decided(restructuring_id, version, Action.DECLINE, body.why, call)


@plans.act(Keeper, "cancel")
async def cancel(
    restructuring_id: Id, version: ExpectedVersion, body: AnswerBody, call: Call[Registry]
) -> RestructuringOut:
    """Call it off before its instant · 取消方案。"""
    plan = await cancel_plan(restructuring_id, version, call.caller, call.uow, why=body.why)
    return await named_plan(plan, call)


async def _decided(id: UUID, version: int, action: Action, why: str | None, call: Call[Registry]) -> RestructuringOut:
    return await named_plan(await decide_plan(id, version, action, call.caller, call.uow, why=why), call)


async def named_plan(plan: Restructuring, call: Call[Registry], *, moving: int = 0) -> RestructuringOut:
    """The plan with the names of who drafted it and decided on it."""
    people = await call.service.people(call.uow, call.caller, (plan.drafted_by, plan.decided_by))
    return shown(plan, people, moving)
