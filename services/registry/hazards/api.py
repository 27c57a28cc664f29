"""Hazards over HTTP: the ledger of a caller's part of the tree, finding one, and an endpoint for each action."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.registry.deps import PlaceReader, Registry, RegistryDep, Staff, trail_route
from services.registry.hazards.act import act_on
from services.registry.hazards.commands import COMMANDS
from services.registry.hazards.enter_hazard import enter_hazard
from services.registry.hazards.find_hazard import Sent
from services.registry.hazards.hazard import Hazard
from services.registry.hazards.lifecycle import FINDERS, LIFE
from services.registry.hazards.moving import Command, Context
from services.registry.hazards.police_reading import stations_for
from services.registry.hazards.reading import HazardFilter, HazardQuery, HazardReader
from services.registry.hazards.schemas import (
    WORDS,
    HazardCounts,
    HazardIn,
    HazardOut,
    ListedHazard,
    StationOut,
    StationsOut,
    counted,
    listed,
    people_in,
    shown,
)
from services.registry.hazards.store import Hazards
from shared.auth.permissions import may
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.http.actions import Actions, KeyOfAct
from shared.http.call import Call
from shared.http.commands import body_of
from shared.http.etags import answer
from shared.http.json_body import fingerprint
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.types import Id, IdempotencyKey, StrictModel

routes = router(tags=["隐患 · Hazards"])

Finder = Annotated[Principal, may(*FINDERS)]


@routes.get("/hazards")
async def find(
    query: Annotated[HazardQuery, Query()], caller: PlaceReader, registry: RegistryDep
) -> PageOut[ListedHazard]:
    """Hazards by any filter, newest first · 隐患台账，新的在前。"""
    async with registry.uow() as uow:
        found = await HazardReader(uow, caller).find(query).page(query.limit, query.after)
        return PageOut.of(found, lambda row: listed(row, uow.now))


@routes.get("/hazards/counts")
async def counts(query: Annotated[HazardFilter, Query()], caller: PlaceReader, registry: RegistryDep) -> HazardCounts:
    """How many hazards the same filter finds, by state, grade, item and light · 隐患统计。"""
    async with registry.uow() as uow:
        return counted(await HazardReader(uow, caller).counts(query))


@routes.get("/hazards/{hazard_id}")
async def read(hazard_id: Id, caller: PlaceReader, registry: RegistryDep, response: Response) -> HazardOut:
    """One hazard, with what you may do to it now; its ETag is what an action wants · 单条隐患。"""
    async with registry.uow() as uow:
        made = await _shown(hazard_id, caller, registry, uow)
    answer(response, made.version)
    return made


@routes.get("/hazards/{hazard_id}/police-stations")
async def police_stations(hazard_id: Id, caller: Staff, registry: RegistryDep) -> StationsOut:
    """The police stations that serve the place: to one of them it can be transferred · 可移交的派出所。"""
    async with registry.uow() as uow:
        row = await HazardReader(uow, caller).one(hazard_id)
        stations = await stations_for(uow, row.hazard.unit, local_day(uow.now))
    return StationsOut(items=[StationOut(code=one.code, name=one.name) for one in stations])


trail_route(routes, "/hazards/{hazard_id}", HazardReader, "the hazard")


@routes.post("/hazards", status_code=201)
async def enter(
    body: HazardIn, key: IdempotencyKey, caller: Finder, registry: RegistryDep, request: Request, response: Response
) -> HazardOut:
    """A hazard was found: fixed on the spot, or to be put right by a deadline; then it has its work order at once. The same
    Idempotency-Key and body finds it once · 登记隐患。"""
    sent = Sent(key, fingerprint(await request.json()))
    async with registry.uow() as uow:
        hazard = await enter_hazard(body.found(), caller, uow, sent=sent)
        made = await _shown(hazard.id, caller, registry, uow)
    answer(response, made.version)
    return made


async def _done(hazard: Hazard, call: Call[Registry]) -> HazardOut:
    return await _shown(hazard.id, call.caller, call.service, call.uow)


act = Actions(
    routes, "/hazards/{hazard_id}", LIFE.roles_of, service=RegistryDep, shows=HazardOut, show=_done, key=KeyOfAct
)


def _serve(command: type[Command]) -> None:
    """The endpoint of one command: its body and its text are the command's."""

    async def do(hazard_id: UUID, version: int, body: StrictModel, call: Call[Registry]) -> Hazard:
        now, calendar = call.uow.now, call.service.calendar
        context = Context(call.caller.actor(), now, local_day(now), calendar, call.key)
        return await act_on(hazard_id, version, command(**dict(body)), call.caller, context, call.uow)

    act.serve(command.action, body_of(command, WORDS), command.__doc__, do)


for _command in COMMANDS:
    _serve(_command)


async def _shown(hazard_id: Id, caller: Principal, registry: Registry, uow: UnitOfWork) -> HazardOut:
    await Hazards.of(uow).flush()
    reader = HazardReader(uow, caller)
    row = await reader.one(hazard_id)
    photos = await reader.photos([row.hazard])
    names = await registry.people(uow, caller, people_in(row))
    context = Context(caller.actor(), uow.now, local_day(uow.now), registry.calendar)
    return shown(row, caller, context, photos, names, registry.links)
