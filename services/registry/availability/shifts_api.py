"""Shifts over HTTP, and who is on duty in a unit at an instant. Callers see their part of the tree."""

from typing import Annotated

from fastapi import Query

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
from services.registry.availability.shift import Shift
from services.registry.deps import Keeper, Registry, RegistryDep, Staff, trail_route
from services.registry.units.schemas import UnitCode
from shared.clock import local_day
from shared.http.call import Call
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
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


shifts = Things(routes, "/shifts/{shift_id}", RegistryDep)


@shifts.get(Staff)
async def read(shift_id: Id, call: Call[Registry]) -> ShiftOut:
    """One shift; its ETag is what ending it wants · 单个值班安排。"""
    return await _shown(await ShiftReader(call.uow, call.caller).one(shift_id), call)


trail_route(routes, "/shifts/{shift_id}", ShiftReader, "the shift")


@shifts.post(Keeper)
async def plan(body: ShiftBody, call: Call[Registry]) -> ShiftOut:
    """Plan a shift in a unit of yours · 安排值班。"""
    wanted = body.shift(local_day(call.uow.now))
    return await _shown(await plan_shift(wanted, call.caller, call.uow, why=body.why), call)


@shifts.act(Keeper, "end")
async def end(shift_id: Id, version: ExpectedVersion, body: EndShiftBody, call: Call[Registry]) -> ShiftOut:
    """End the shift as you read it (If-Match) · 结束值班安排。"""
    return await _shown(await end_shift(shift_id, version, body.on, call.caller, call.uow, why=body.why), call)


async def _shown(shift: Shift, call: Call[Registry]) -> ShiftOut:
    return shift_shown(shift, await call.service.names(call.uow, [shift.person] if shift.person else []))
