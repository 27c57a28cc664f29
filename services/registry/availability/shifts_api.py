"""Shifts over HTTP, and who is on duty in a unit at an instant. Callers see their part of the tree."""

from typing import Annotated

from fastapi import Query, Response

from services.registry.availability.on_duty import OnDutyReader
from services.registry.availability.plan_shift import end_shift, plan_shift
from services.registry.availability.reading import ShiftQuery, ShiftReader
from services.registry.availability.schemas import (
    EndShiftBody,
    ListedShift,
    OnDutyOut,
    OnDutyQuery,
    ShiftBody,
    ShiftOut,
    on_duty_shown,
    shift_listed,
    shift_shown,
)
from services.registry.deps import Keeper, RegistryDep, Staff, trail_route
from services.registry.units.schemas import UnitCode
from shared.clock import local_day
from shared.http.etags import ExpectedVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.types import Id

routes = router(tags=["在岗 · Availability"])


@routes.get("/units/{code}/on-duty")
async def on_duty(
    code: UnitCode, query: Annotated[OnDutyQuery, Query()], caller: Staff, registry: RegistryDep
) -> OnDutyOut:
    """Who is on duty in a unit at an instant, and where nobody answers for it who does instead, and why · 在岗人员。"""
    async with registry.uow() as uow:
        found = await OnDutyReader(uow, caller, query.at or uow.now).of(code)
        fallback = found.fallback.present if found.fallback else ()
        names = await registry.names(uow, [one.post.person for one in (*found.posts, *fallback)])
    return on_duty_shown(found, names)


@routes.get("/shifts")
async def find(query: Annotated[ShiftQuery, Query()], caller: Staff, registry: RegistryDep) -> PageOut[ListedShift]:
    """Shifts by unit · 值班安排。"""
    async with registry.uow() as uow:
        found = await ShiftReader(uow, caller).find(query).page(query.limit, query.after)
        names = await registry.names(uow, [shift.person for shift, _ in found.rows if shift.person])
    return PageOut.of(found, lambda one: shift_listed(*one, names))


@routes.get("/shifts/{shift_id}")
async def read(shift_id: Id, caller: Staff, registry: RegistryDep, response: Response) -> ShiftOut:
    """One shift; its ETag is what ending it wants · 单个值班安排。"""
    async with registry.uow() as uow:
        shift = await ShiftReader(uow, caller).one(shift_id)
        names = await registry.names(uow, [shift.person] if shift.person else [])
    answer(response, shift.version)
    return shift_shown(shift, names)


trail_route(routes, "/shifts/{shift_id}", ShiftReader, "the shift")


@routes.post("/shifts", status_code=201)
async def plan(body: ShiftBody, caller: Keeper, registry: RegistryDep, response: Response) -> ShiftOut:
    """Plan a shift in a unit of yours · 安排值班。"""
    async with registry.uow() as uow:
        shift = await plan_shift(body.shift(local_day(uow.now)), caller, uow, why=body.why)
        names = await registry.names(uow, [shift.person] if shift.person else [])
    answer(response, shift.version)
    return shift_shown(shift, names)


@routes.post("/shifts/{shift_id}/end")
async def end(
    shift_id: Id, body: EndShiftBody, version: ExpectedVersion, caller: Keeper, registry: RegistryDep,
    response: Response,
) -> ShiftOut:  # fmt: skip
    """End the shift as you read it (If-Match) · 结束值班安排。"""
    async with registry.uow() as uow:
        shift = await end_shift(shift_id, version, body.on, caller, uow, why=body.why)
        names = await registry.names(uow, [shift.person] if shift.person else [])
    answer(response, shift.version)
    return shift_shown(shift, names)
