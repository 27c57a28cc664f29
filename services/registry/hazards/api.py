"""Hazards over HTTP: the ledger of a caller's part of the tree, finding one, and an endpoint for each action."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from services.registry.deps import PlaceReader, Registry, RegistryDep, Staff, trail_route
from services.registry.hazards.act import act_on
from services.registry.hazards.commands import COMMANDS
from services.registry.hazards.enter_hazard import enter_hazard
from services.registry.hazards.lifecycle import FINDERS, LIFE
from services.registry.hazards.moving import Command, Context
from services.registry.hazards.police_reading import stations_for
from services.registry.hazards.reading import HazardCounts, HazardFilter, HazardQuery, HazardReader
from services.registry.hazards.schemas import (
    WORDS,
    HazardIn,
    HazardOut,
    ListedHazard,
    StationOut,
    StationsOut,
    listed,
    people_in,
    shown,
)
from shared.auth.permissions import may
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.http.call import Call
from shared.http.commands import body_of
from shared.http.etags import ExpectedVersion
from shared.http.json_body import fingerprint
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import ActKey, Id, IdempotencyKey, StrictModel
from shared.origin import Origin

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
        return await HazardReader(uow, caller).counts(query)


things = Things(routes, "/hazards/{hazard_id}", RegistryDep, LIFE.roles_of)


@things.get(PlaceReader)
async def read(hazard_id: Id, call: Call[Registry]) -> HazardOut:
    """One hazard, with what you may do to it now; its ETag is what an action wants · 单条隐患。"""
    return await _shown(hazard_id, call)


@routes.get("/hazards/{hazard_id}/police-stations")
async def police_stations(hazard_id: Id, caller: Staff, registry: RegistryDep) -> StationsOut:
    """The police stations that serve the place: to one of them it can be transferred · 可移交的派出所。"""
    async with registry.uow() as uow:
        row = await HazardReader(uow, caller).one(hazard_id)
        stations = await stations_for(uow, row.hazard.unit, local_day(uow.now))
    return StationsOut(items=[StationOut(code=one.code, name=one.name) for one in stations])


trail_route(routes, "/hazards/{hazard_id}", HazardReader, "the hazard")


@things.post(Finder)
async def enter(body: HazardIn, key: IdempotencyKey, request: Request, call: Call[Registry]) -> HazardOut:
    """A hazard was found: fixed on the spot, or to be put right by a deadline; then it has its work order at once. The same
    Idempotency-Key and body finds it once · 登记隐患。"""
    sent = Origin(call.caller.subject, key, fingerprint(await request.json()))
    return await _shown((await enter_hazard(body.found(), call.caller, call.uow, sent=sent)).id, call)


def _serve(command: type[Command]) -> None:
    """The endpoint of one command: its body and its text are the command's."""

    async def do(
        hazard_id: Id, version: ExpectedVersion, body: StrictModel, request: Request, call: Call[Registry],
        key: ActKey = None,
    ) -> HazardOut:  # fmt: skip
        # Another body under the same key is another act.
        act = None if key is None else fingerprint([key, await request.json()]).hex()
        context = Context(call.caller.actor(), call.uow.now, local_day(call.uow.now), call.service.calendar, act)
        await act_on(hazard_id, version, command(**dict(body)), call.caller, context, call.uow)
        return await _shown(hazard_id, call)

    do.__annotations__["body"], do.__doc__ = body_of(command, WORDS), command.__doc__
    things.on(command.action)(do)


for _command in COMMANDS:
    _serve(_command)


async def _shown(hazard_id: UUID, call: Call[Registry]) -> HazardOut:
    uow, caller, registry = call.uow, call.caller, call.service
    reader = HazardReader(uow, caller)
    row = await reader.one(hazard_id)
    photos = await reader.photos([row.hazard])
    names = await registry.people(uow, caller, people_in(row))
    context = Context(caller.actor(), uow.now, local_day(uow.now), registry.calendar)
    return shown(row, caller, context, photos, names, registry.links)
