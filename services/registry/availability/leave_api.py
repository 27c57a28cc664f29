"""Leave over HTTP: asking, entering, granting, refusing, taking back; what keepers see of their part of the tree."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.registry.availability.ask_leave import ask_leave, decide_leave, withdraw_leave
from services.registry.availability.leave import LIFE, Action, Leave
from services.registry.availability.reading import LeaveQuery, LeaveReader
from services.registry.availability.schemas import (
    AnswerBody,
    LeaveBody,
    LeaveOut,
    ListedLeave,
    leave_listed,
    leave_shown,
)
from services.registry.deps import Registry, RegistryDep, Staff, trail_route
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.http.actions import Actions
from shared.http.call import Call
from shared.http.etags import answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.types import Id

routes = router(tags=["在岗 · Availability"])


@routes.get("/leave")
async def find(query: Annotated[LeaveQuery, Query()], caller: Staff, registry: RegistryDep) -> PageOut[ListedLeave]:
    """Leave of the people whose posts you keep; of others only your own, the latest first · 请假记录。"""
    async with registry.uow() as uow:
        found = await LeaveReader(uow, caller).find(query).page(query.limit, query.after)
        names = await _names([leave for leave, _ in found.rows], caller, uow, registry)
    return PageOut.of(found, lambda one: leave_listed(*one, names))


@routes.get("/leave/{leave_id}")
async def read(leave_id: Id, caller: Staff, registry: RegistryDep, response: Response) -> LeaveOut:
    """One leave; its ETag is what deciding on it wants · 单条请假。"""
    async with registry.uow() as uow:
        leave = await LeaveReader(uow, caller).one(leave_id)
        names = await _names([leave], caller, uow, registry)
    answer(response, leave.version)
    return leave_shown(leave, names)


trail_route(routes, "/leave/{leave_id}", LeaveReader, "the leave")


@routes.post("/leave", status_code=201)
async def ask(body: LeaveBody, caller: Staff, registry: RegistryDep, response: Response) -> LeaveOut:
    """Ask for leave, or enter that of somebody whose post you keep · 请假。"""
    async with registry.uow() as uow:
        leave = await ask_leave(body.wanted(caller.subject), caller, uow)
        names = await _names([leave], caller, uow, registry)
    answer(response, leave.version)
    return leave_shown(leave, names)


async def _names(leaves: Sequence[Leave], caller: Principal, uow: UnitOfWork, registry: Registry) -> Mapping[str, str]:
    """Of who is away; and of who asked and decided, where the caller may meet their work."""
    acted = await registry.people(uow, caller, (who for one in leaves for who in (one.asked_by, one.decided_by)))
    return {**acted, **await registry.names(uow, [one.person for one in leaves])}


async def _done(leave: Leave, call: Call[Registry]) -> LeaveOut:
    return leave_shown(leave, await _names([leave], call.caller, call.uow, call.service))


act = Actions(routes, "/leave/{leave_id}", LIFE.roles_of, service=RegistryDep, shows=LeaveOut, show=_done)


@act.on(Action.GRANT)
async def grant(leave_id: UUID, version: int, body: AnswerBody, call: Call[Registry]) -> Leave:
    """Grant what another asked for · 批准。"""
    return await decide_leave(leave_id, version, Action.GRANT, body.answer, call.caller, call.uow)


@act.on(Action.DECLINE)
async def decline(leave_id: UUID, version: int, body: AnswerBody, call: Call[Registry]) -> Leave:
    """Refuse what another asked for · 不批准。"""
    return await decide_leave(leave_id, version, Action.DECLINE, body.answer, call.caller, call.uow)


@act.on(Action.WITHDRAW)
async def withdraw(leave_id: UUID, version: int, body: AnswerBody, call: Call[Registry]) -> Leave:
    """Take back what was asked for, or come back early · 销假。"""
    return await withdraw_leave(leave_id, version, body.answer, call.caller, call.uow)
