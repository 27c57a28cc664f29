"""People and the composition of staff over HTTP, for those who keep their posts."""

import asyncio
from typing import Annotated

from fastapi import Query, Response

from services.registry.composition.composition import compose
from services.registry.composition.reading import PeopleReader
from services.registry.composition.schemas import (
    CompositionOut,
    FactsBody,
    PeopleFilter,
    PeopleQuery,
    PersonOut,
    PersonPath,
    composition_shown,
    person_shown,
)
from services.registry.composition.sheet import composition_workbook
from services.registry.composition.state_facts import state_facts
from services.registry.composition.store import PeopleFacts
from services.registry.deps import Keeper, RegistryDep
from services.registry.errors import PERSON_NOT_FOUND
from shared.http.etags import SeenVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.uploads import WORKBOOK, download
from shared.trail.read import TrailOut

routes = router(tags=["队伍 · Staff"])


@routes.get("/people")
async def find(query: Annotated[PeopleQuery, Query()], caller: Keeper, registry: RegistryDep) -> PageOut[PersonOut]:
    """Who holds posts in your part of the tree, and what is known of them · 人员情况。"""
    async with registry.uow() as uow:
        reader = PeopleReader(uow, caller, registry.cipher, query.as_of)
        found = await reader.find(query.area).page(query.limit, query.after)
        names = await registry.names(uow, [one.person for one in found.rows])
    return PageOut.of(found, lambda one: person_shown(one, names))


@routes.get("/people/{person}/facts")
async def read(person: PersonPath, caller: Keeper, registry: RegistryDep, response: Response) -> PersonOut:
    """What is known of one person; its ETag, where there is one, is what stating it anew wants · 单个人员情况。"""
    async with registry.uow() as uow:
        found = await PeopleReader(uow, caller, registry.cipher, None).one(person)
        names = await registry.names(uow, [person])
    if found.version is not None:
        answer(response, found.version)
    return person_shown(found, names)


@routes.get("/people/{person}/facts/trail")
async def trail(person: PersonPath, caller: Keeper, registry: RegistryDep) -> TrailOut:
    """When what was stated, never what it was · 留痕。"""
    async with registry.uow() as uow:
        await PeopleReader(uow, caller, registry.cipher, None).one(person)
        known = PERSON_NOT_FOUND.unless((await PeopleFacts.of(uow).by_person([person])).get(person))
        return await registry.trail(uow, caller, known.id)


@routes.put("/people/{person}/facts")
async def state(
    person: PersonPath, body: FactsBody, version: SeenVersion, caller: Keeper, registry: RegistryDep,
    response: Response,
) -> PersonOut:  # fmt: skip
    """State what is known of a person whose post you keep; anew with If-Match · 登记人员情况。"""
    async with registry.uow() as uow:
        found = await state_facts(person, version, body.facts(), caller, uow, registry.cipher, why=body.why)
        names = await registry.names(uow, [person])
    if found.version is not None:
        answer(response, found.version)
    return person_shown(found, names)


@routes.get("/composition")
async def composition(query: Annotated[PeopleFilter, Query()], caller: Keeper, registry: RegistryDep) -> CompositionOut:
    """How the staff of a unit is made up: roles, age bands, gender, education, concurrent posts · 队伍构成。"""
    async with registry.uow() as uow:
        reader = PeopleReader(uow, caller, registry.cipher, query.as_of)
        await reader.name_of(query.area)
        members = await reader.members(query.area)
    return composition_shown(compose(members, reader.day), query.area, reader.day)


@routes.get("/composition.xlsx", response_class=Response, responses=WORKBOOK)
async def composition_as_excel(
    query: Annotated[PeopleFilter, Query()], caller: Keeper, registry: RegistryDep
) -> Response:
    """The same as a workbook · 导出队伍构成。"""
    async with registry.uow() as uow:
        reader = PeopleReader(uow, caller, registry.cipher, query.as_of)
        name = await reader.name_of(query.area)
        members = await reader.members(query.area)
    found = composition_shown(compose(members, reader.day), query.area, reader.day)
    return download(await asyncio.to_thread(composition_workbook, found, name), "队伍构成 composition.xlsx")
