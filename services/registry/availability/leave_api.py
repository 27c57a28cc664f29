"""Leave over HTTP: asking, entering, granting, refusing, taking back; what keepers see of their part of the tree."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Query

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
from shared.http.call import Call
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import Id

routes = router(tags=["在岗 · Availability"])


@routes.get("/leave")
async def find(query: Annotated[LeaveQuery, Query()], caller: Staff, registry: RegistryDep) -> PageOut[ListedLeave]:
    """Leave of the people whose posts you keep; of others only your own, the latest first · 请假记录。"""
    async with registry.uow() as uow:
        found = await LeaveReader(uow, caller).find(query).page(query.limit, query.after)
        names = await _names([leave for leave, _ in found.rows], caller, uow, registry)
    return PageOut.of(found, lambda one: leave_listed(*one, names))


leave = Things(routes, "/leave/{leave_id}", RegistryDep, LIFE.roles_of)


@leave.get(Staff)
async def read(leave_id: Id, call: Call[Registry]) -> LeaveOut:
    """One leave; its ETag is what deciding on it wants · 单条请假。"""
    return await _shown(await LeaveReader(call.uow, call.caller).one(leave_id), call)


trail_route(routes, "/leave/{leave_id}", LeaveReader, "the leave")


@leave.post(Staff)
async def ask(body: LeaveBody, call: Call[Registry]) -> LeaveOut:
    """Ask for leave, or enter that of somebody whose post you keep · 请假。"""
    return await _shown(await ask_leave(body.wanted(call.caller.subject), call.caller, call.uow), call)


@leave.on(Action.GRANT)
async def grant(leave_id: Id, version: ExpectedVersion, body: AnswerBody, call: Call[Registry]) -> LeaveOut:
    """Grant what another asked for · 批准。"""
    return await _shown(await decide_leave(leave_id, version, Action.GRANT, body.answer, call.caller, call.uow), call)


@leave.on(Action.DECLINE)
async def decline(leave_id: Id, version: ExpectedVersion, body: AnswerBody, call: Call[Registry]) -> LeaveOut:
    """Refuse what another asked for · 不批准。"""
    return await _shown(await decide_leave(leave_id, version, Action.DECLINE, body.answer, call.caller, call.uow), call)


@leave.on(Action.WITHDRAW)
async def withdraw(leave_id: Id, version: ExpectedVersion, body: AnswerBody, call: Call[Registry]) -> LeaveOut:
    """Take back what was asked for, or come back early · 销假。"""
    return await _shown(await withdraw_leave(leave_id, version, body.answer, call.caller, call.uow), call)


async def _shown(one: Leave, call: Call[Registry]) -> LeaveOut:
    return leave_shown(one, await _names([one], call.caller, call.uow, call.service))


async def _names(leaves: Sequence[Leave], caller: Principal, uow: UnitOfWork, registry: Registry) -> Mapping[str, str]:
    """Of who is away; and of who asked and decided, where the caller may meet their work."""
    acted = await registry.people(uow, caller, (who for one in leaves for who in (one.asked_by, one.decided_by)))
    return {**acted, **await registry.names(uow, [one.person for one in leaves])}
