"""Units over HTTP: finding, reading on any day, registering and changing."""

from typing import Annotated

from fastapi import Query, Response

from services.registry.competence import require_place
from services.registry.deps import Keeper, Reader, RegistryDep, Staff
from services.registry.errors import UNIT_NOT_FOUND
from services.registry.units.put_unit import put_unit
from services.registry.units.reading import TreeReader, UnitFilter, UnitQuery
from services.registry.units.schemas import (
    Ancestors,
    ChildrenQuery,
    UnitBody,
    UnitBrief,
    UnitCode,
    UnitOut,
    brief,
    shown,
)
from services.registry.units.store import Units
from shared.http.days import AsOf
from shared.http.etags import SeenVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.trail.read import TrailOut

routes = router(tags=["单位 · Units"])


@routes.get("/units")
async def find(query: Annotated[UnitQuery, Query()], caller: Reader, registry: RegistryDep) -> PageOut[UnitBrief]:
    """Units by parent, kind or text, sorted by code · 按上级、类型或文字查单位。"""
    async with registry.uow() as uow:
        found = await TreeReader(uow, query.as_of).find(query).page(query.limit, query.after)
    return PageOut.of(found, brief)


@routes.get("/units/{code}")
async def read(
    code: UnitCode, query: Annotated[AsOf, Query()], caller: Reader, registry: RegistryDep, response: Response
) -> UnitOut:
    """One unit. Without `as_of` the newest version, ended or not, with the ETag that a PUT wants · 单个单位。"""
    async with registry.uow() as uow:
        if query.as_of is None:
            unit = UNIT_NOT_FOUND.unless(await Units.of(uow).by_code(code))
        else:
            unit = await TreeReader(uow, query.as_of).one(code)
    if query.as_of is None:
        answer(response, unit.version)
    return shown(unit)


@routes.get("/units/{code}/children")
async def children(
    code: UnitCode, query: Annotated[ChildrenQuery, Query()], caller: Reader, registry: RegistryDep
) -> PageOut[UnitBrief]:
    """The units directly below · 下级单位。"""
    async with registry.uow() as uow:
        tree = TreeReader(uow, query.as_of)
        await tree.one(code)
        found = await tree.find(UnitFilter(parent=code)).page(query.limit, query.after)
    return PageOut.of(found, brief)


@routes.get("/units/{code}/ancestors")
async def ancestors(
    code: UnitCode, query: Annotated[AsOf, Query()], caller: Reader, registry: RegistryDep
) -> Ancestors:
    """The unit and what is above it, up to the root · 逐级上级。"""
    async with registry.uow() as uow:
        found = await TreeReader(uow, query.as_of).ancestors(code)
    if not found:
        raise UNIT_NOT_FOUND()
    return Ancestors(items=[brief(unit) for unit in found])


@routes.get("/units/{code}/trail")
async def trail(code: UnitCode, caller: Staff, registry: RegistryDep) -> TrailOut:
    """Every change of a unit in your part of the tree, hash-chained · 留痕。"""
    async with registry.uow() as uow:
        unit = UNIT_NOT_FOUND.unless(await Units.of(uow).by_code(code))
        require_place(caller, [above.code for above in await Units.of(uow).ancestors(code)], own=True)
        return await registry.trail(uow, caller, unit.id)


@routes.put("/units/{code}", max_body_size=512 * 1024, responses={201: {"model": UnitOut}})
async def put(
    code: UnitCode, body: UnitBody, version: SeenVersion, caller: Keeper, registry: RegistryDep, response: Response
) -> UnitOut:
    """Register a unit (201), or state anew what is true of the version you read (If-Match) · 登记或修改单位。"""
    async with registry.uow() as uow:
        unit = await put_unit(
            body.state(code), version, caller, uow, registry.holders, effective_from=body.effective_from, why=body.why
        )
    response.status_code = 201 if version is None else 200
    answer(response, unit.version)
    return shown(unit)
