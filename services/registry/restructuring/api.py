"""Restructurings over HTTP: drafted by the keeper of an area, looked at before, decided on, and called off in time."""

from typing import Annotated

from fastapi import Query, Response

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
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.http.etags import ExpectedVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
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


@routes.get("/restructurings/{restructuring_id}")
async def read(restructuring_id: Id, caller: Staff, registry: RegistryDep, response: Response) -> RestructuringOut:
    """One plan with its steps; its ETag is what changes and decisions want · 单个调整方案。"""
    async with registry.uow() as uow:
        reader = RestructuringReader(uow, caller)
        plan = await reader.one(restructuring_id)
        out = await named_plan(plan, caller, uow, registry, moving=await reader.still_moving(plan.id))
    answer(response, out.version)
    return out


@routes.get("/restructurings/{restructuring_id}/preview")
async def look(restructuring_id: Id, caller: Staff, registry: RegistryDep) -> PreviewOut:
    """What it would do as things stand: units before and after in percent, what cannot be done, what moves where · 预览。"""
    async with registry.uow() as uow:
        plan = await RestructuringReader(uow, caller).one(restructuring_id)
        found = await preview(plan, caller, uow)
    return previewed(found)


trail_route(routes, "/restructurings/{restructuring_id}", RestructuringReader, "the plan")


@routes.post("/restructurings", status_code=201, max_body_size=LARGEST)
async def draft(body: RestructuringBody, caller: Keeper, registry: RegistryDep, response: Response) -> RestructuringOut:
    """Draft a plan: units merge, split, move, are renamed or dissolved together on a day. Nothing happens before it is
    sent and decided on · 起草方案。"""
    steps = [step.step() for step in body.steps]
    async with registry.uow() as uow:
        plan = await draft_plan(steps, body.effective_from, body.why, caller, uow)
        out = await named_plan(plan, caller, uow, registry)
    answer(response, out.version)
    return out


@routes.put("/restructurings/{restructuring_id}", max_body_size=LARGEST)
async def change(
    restructuring_id: Id, body: RestructuringBody, version: ExpectedVersion, caller: Keeper, registry: RegistryDep,
    response: Response,
) -> RestructuringOut:  # fmt: skip
    """State your draft anew · 修改草案。"""
    steps = [step.step() for step in body.steps]
    async with registry.uow() as uow:
        plan = await change_plan(
            restructuring_id, version, steps, body.effective_from, body.why, caller, uow
        )  # fmt: skip
        out = await named_plan(plan, caller, uow, registry)
    answer(response, out.version)
    return out


@routes.post("/restructurings/{restructuring_id}/submit")
async def submit(
    restructuring_id: Id, version: ExpectedVersion, caller: Keeper, registry: RegistryDep, response: Response
) -> RestructuringOut:
    """Send your draft on its way: it is approved at once where it concerns only your part of the tree, else the lowest
    unit above all whom it concerns decides · 提交。"""
    async with registry.uow() as uow:
        plan = await send_plan(restructuring_id, version, caller, uow)
        out = await named_plan(plan, caller, uow, registry)
    answer(response, out.version)
    return out


@routes.post("/restructurings/{restructuring_id}/approve")
async def approve(
    restructuring_id: Id, body: AnswerBody, version: ExpectedVersion, caller: Keeper, registry: RegistryDep,
    response: Response,
) -> RestructuringOut:  # fmt: skip
    """Approve it: all of it takes effect at its instant, or none · 批准。"""
    async with registry.uow() as uow:
        plan = await decide_plan(restructuring_id, version, Action.APPROVE, caller, uow, why=body.why)
        out = await named_plan(plan, caller, uow, registry)
    answer(response, out.version)
    return out


@routes.post("/restructurings/{restructuring_id}/decline")
async def decline(
    restructuring_id: Id, body: DeclineBody, version: ExpectedVersion, caller: Keeper, registry: RegistryDep,
    response: Response,
) -> RestructuringOut:  # fmt: skip
    """Decline it, with the reason: it is a draft again · 退回。"""
    async with registry.uow() as uow:
        plan = await decide_plan(restructuring_id, version, Action.DECLINE, caller, uow, why=body.why)
        out = await named_plan(plan, caller, uow, registry)
    answer(response, out.version)
    return out


@routes.post("/restructurings/{restructuring_id}/cancel")
async def cancel(
    restructuring_id: Id, body: AnswerBody, version: ExpectedVersion, caller: Keeper, registry: RegistryDep,
    response: Response,
) -> RestructuringOut:  # fmt: skip
    """Call it off before its instant · 取消方案。"""
    async with registry.uow() as uow:
        plan = await cancel_plan(restructuring_id, version, caller, uow, why=body.why)
        out = await named_plan(plan, caller, uow, registry)
    answer(response, out.version)
    return out


async def named_plan(
    plan: Restructuring, caller: Principal, uow: UnitOfWork, registry: Registry, *, moving: int = 0
) -> RestructuringOut:
    """The plan with the names of who drafted it and decided on it."""
    return shown(plan, await registry.people(uow, caller, (plan.drafted_by, plan.decided_by)), moving)
