"""Units over HTTP: finding, reading on any day, registering and changing."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query, Response

from services.registry.deps import Keeper, Reader, RegistryDep
from services.registry.schema import tables
from services.registry.unit_of_work import RegistryUnitOfWork
from services.registry.units.put_unit import put_unit
from services.registry.units.reading import TreeReader
from services.registry.units.schemas import (
    AsOf,
    Feature,
    PageQuery,
    UnitBody,
    UnitLine,
    UnitOut,
    UnitPage,
    UnitQuery,
    brief,
    shown,
)
from shared.errors import NotFound
from shared.http.etags import SeenVersion, answer
from shared.http.routes import router
from shared.http.types import Code
from shared.trail.read import TrailOut, trail_of

routes = router(tags=["单位 · Units"])

UnitCode = Annotated[Code, Path(description="单位编码 · the unit's code")]


@routes.get("/units")
async def find(query: Annotated[UnitQuery, Query()], caller: Reader, registry: RegistryDep) -> UnitPage:
    """Units by parent, kind or text, sorted by code · 按上级、类型或文字查单位。"""
    async with registry.uow() as uow:
        found, following = await _tree(uow, query.as_of).find(
            parent=query.parent, kind=query.kind, q=query.q, limit=query.limit, after=query.after
        )
    return UnitPage(items=[brief(unit) for unit in found], next=following)


@routes.get("/units/{code}")
async def read(
    code: UnitCode, query: Annotated[AsOf, Query()], caller: Reader, registry: RegistryDep, response: Response
) -> UnitOut:
    """One unit. Without `as_of` the newest version, ended or not, with the ETag that a PUT wants · 单个单位。"""
    async with registry.uow() as uow:
        if query.as_of is None:
            unit = (await uow.units.load([code])).get(code)
        else:
            unit = await _tree(uow, query.as_of).one(code)
    if unit is None:
        raise _not_found()
    if query.as_of is None:
        answer(response, unit.version)
    return shown(unit)


@routes.get("/units/{code}/children")
async def children(
    code: UnitCode, query: Annotated[PageQuery, Query()], caller: Reader, registry: RegistryDep
) -> UnitPage:
    """The units directly below · 下级单位。"""
    async with registry.uow() as uow:
        tree = _tree(uow, query.as_of)
        if await tree.one(code) is None:
            raise _not_found()
        found, following = await tree.children(code, limit=query.limit, after=query.after)
    return UnitPage(items=[brief(unit) for unit in found], next=following)


@routes.get("/units/{code}/line")
async def line(code: UnitCode, query: Annotated[AsOf, Query()], caller: Reader, registry: RegistryDep) -> UnitLine:
    """The unit and what is above it, up to the root · 逐级上级。"""
    async with registry.uow() as uow:
        found = await _tree(uow, query.as_of).line(code)
    if not found:
        raise _not_found()
    return UnitLine(items=[brief(unit) for unit in found])


@routes.get("/units/{code}/boundary")
async def boundary(code: UnitCode, query: Annotated[AsOf, Query()], caller: Reader, registry: RegistryDep) -> Feature:
    """The boundary as a GeoJSON Feature in WGS-84 · 边界。"""
    async with registry.uow() as uow:
        unit = await _tree(uow, query.as_of).one(code)
    if unit is None:
        raise _not_found()
    facts = unit.facts
    return Feature(
        id=code,
        geometry=dict(facts.boundary) if facts.boundary is not None else None,
        properties={"code": code, "kind": facts.kind, "name": facts.name, "parent": facts.parent},
    )


@routes.get("/units/{code}/trail")
async def trail(code: UnitCode, caller: Reader, registry: RegistryDep) -> TrailOut:
    """Every change of the unit, hash-chained · 留痕。"""
    async with registry.uow() as uow:
        unit = (await uow.units.load([code])).get(code)
        if unit is None:
            raise _not_found()
        return await trail_of(uow.connection, tables, unit.id)


@routes.put("/units/{code}", max_body_size=512 * 1024, responses={201: {"model": UnitOut}})
async def put(
    code: UnitCode, body: UnitBody, version: SeenVersion, caller: Keeper, registry: RegistryDep, response: Response
) -> UnitOut:
    """Register a unit (201), or state anew what is true of the version you read (If-Match) · 登记或修改单位。"""
    async with registry.uow() as uow:
        unit = await put_unit(body.facts(code), version, caller, uow, effective_from=body.effective_from, why=body.why)
    response.status_code = 201 if version is None else 200
    answer(response, unit.version)
    return shown(unit)


def _tree(uow: RegistryUnitOfWork, as_of: date | None) -> TreeReader:
    return TreeReader(uow.connection, as_of, uow.today)


def _not_found() -> NotFound:
    return NotFound(
        "unit_not_found",
        "没有这个单位，或它在这一天不存在。",
        "There is no such unit, or it did not exist on that day.",
    )
