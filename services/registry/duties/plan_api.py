"""The plans of duties over HTTP: to read for the staff, to make and change for administrators, and to apply anew."""

from typing import Annotated

from fastapi import Query, Response

from services.registry.deps import RegistryDep, Staff
from services.registry.duties.apply_plans import apply_anew
from services.registry.duties.deps import Planner
from services.registry.duties.plan_reading import PlanQuery, find_plans
from services.registry.duties.plan_schemas import (
    ApplyBody,
    PlanChange,
    PlanIn,
    PlanOut,
    plan_shown,
)
from services.registry.duties.put_plan import Stated, make_plan, require_area, restate_plan
from services.registry.duties.store import Plans
from services.registry.errors import PLAN_NOT_FOUND
from shared.http.etags import ExpectedVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.types import Id
from shared.trail.read import TrailOut

routes = router(tags=["职责计划 · Plans of duties"])


@routes.get("/duty-plans")
async def find(query: Annotated[PlanQuery, Query()], caller: Staff, registry: RegistryDep) -> PageOut[PlanOut]:
    """All plans, or those that hold in an area, by duty and rank · 职责计划。"""
    async with registry.uow() as uow:
        found = await (await find_plans(uow, query)).page(query.limit, query.after)
    return PageOut.of(found, plan_shown)


@routes.get("/duty-plans/{plan_id}")
async def read(plan_id: Id, caller: Staff, registry: RegistryDep, response: Response) -> PlanOut:
    """One plan; its ETag is what a change wants · 单个职责计划。"""
    async with registry.uow() as uow:
        plan = PLAN_NOT_FOUND.unless(await Plans.of(uow).get(plan_id))
    answer(response, plan.version)
    return plan_shown(plan)


@routes.get("/duty-plans/{plan_id}/trail")
async def trail(plan_id: Id, caller: Staff, registry: RegistryDep) -> TrailOut:
    """Every version of the plan: who changed what, and why · 留痕。"""
    async with registry.uow() as uow:
        PLAN_NOT_FOUND.unless(await Plans.of(uow).get(plan_id))
        return await registry.trail(uow, caller, plan_id)


@routes.post("/duty-plans", status_code=201)
async def make(body: PlanIn, caller: Planner, registry: RegistryDep, response: Response) -> PlanOut:
    """Make a plan, for everywhere or for an area that sets its own; duties follow within seconds · 新建职责计划。"""
    stated = Stated(body.duty, body.variant, body.area, body.terms())
    async with registry.uow() as uow:
        plan = await make_plan(stated, caller, uow, why=body.why)
    answer(response, plan.version)
    return plan_shown(plan)


@routes.put("/duty-plans/{plan_id}")
async def restate(
    plan_id: Id, body: PlanChange, version: ExpectedVersion, caller: Planner, registry: RegistryDep, response: Response
) -> PlanOut:
    """State anew what a plan says; duties follow within seconds, and runs that are overdue stay so · 修改职责计划。"""
    async with registry.uow() as uow:
        plan = await restate_plan(plan_id, version, body.terms(), caller, uow, why=body.why)
    answer(response, plan.version)
    return plan_shown(plan)


@routes.post("/duty-plans/apply", status_code=202)
async def apply(body: ApplyBody, caller: Planner, registry: RegistryDep) -> None:
    """Apply the plans anew to all units and premises of an area; nothing changes where nothing differs · 重新应用计划。"""
    async with registry.uow() as uow:
        await require_area(body.area, caller, uow)
        await apply_anew(uow, body.area)
