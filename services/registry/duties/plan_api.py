"""The plans of duties over HTTP: to read for the staff, to make and change for administrators, and to apply anew."""

from typing import Annotated

from fastapi import Query

from services.registry.deps import Registry, RegistryDep, Staff
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
from shared.http.call import Call
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import Id
from shared.trail.read import TrailOut

routes = router(tags=["职责计划 · Plans of duties"])


@routes.get("/duty-plans")
async def find(query: Annotated[PlanQuery, Query()], caller: Staff, registry: RegistryDep) -> PageOut[PlanOut]:
    """All plans, or those that hold in an area, by duty and rank · 职责计划。"""
    async with registry.uow() as uow:
        found = await (await find_plans(uow, query)).page(query.limit, query.after)
    return PageOut.of(found, plan_shown)


plans = Things(routes, "/duty-plans/{plan_id}", RegistryDep)


@plans.get(Staff)
async def read(plan_id: Id, call: Call[Registry]) -> PlanOut:
    """One plan; its ETag is what a change wants · 单个职责计划。"""
    return plan_shown(PLAN_NOT_FOUND.unless(await Plans.of(call.uow).get(plan_id)))


@routes.get("/duty-plans/{plan_id}/trail")
async def trail(plan_id: Id, caller: Staff, registry: RegistryDep) -> TrailOut:
    """Every version of the plan: who changed what, and why · 留痕。"""
    async with registry.uow() as uow:
        PLAN_NOT_FOUND.unless(await Plans.of(uow).get(plan_id))
        return await registry.trail(uow, caller, plan_id)


@plans.post(Planner)
async def make(body: PlanIn, call: Call[Registry]) -> PlanOut:
    """Make a plan, for everywhere or for an area that sets its own; duties follow within seconds · 新建职责计划。"""
    stated = Stated(body.duty, body.variant, body.area, body.terms())
    return plan_shown(await make_plan(stated, call.caller, call.uow, why=body.why))


@plans.put(Planner)
async def restate(plan_id: Id, version: ExpectedVersion, body: PlanChange, call: Call[Registry]) -> PlanOut:
    """State anew what a plan says; duties follow within seconds, and runs that are overdue stay so · 修改职责计划。"""
    return plan_shown(await restate_plan(plan_id, version, body.terms(), call.caller, call.uow, why=body.why))


@routes.post("/duty-plans/apply", status_code=202)
async def apply(body: ApplyBody, caller: Planner, registry: RegistryDep) -> None:
    """Apply the plans anew to all units and premises of an area; nothing changes where nothing differs · 重新应用计划。"""
    async with registry.uow() as uow:
        await require_area(body.area, caller, uow)
        await apply_anew(uow, body.area)
