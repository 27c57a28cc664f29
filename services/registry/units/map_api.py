"""Boundaries and maps over HTTP: one boundary to look at and to draw anew, and a light map of what is below a unit."""

import asyncio
from dataclasses import replace
from hashlib import sha256
from typing import Annotated

from fastapi import Header, Query, Response

from services.registry.deps import Keeper, Reader, RegistryDep
from services.registry.errors import UNIT_NOT_FOUND
from services.registry.units.boundary import union
from services.registry.units.map import simplified
from services.registry.units.put_unit import put_unit
from services.registry.units.reading import TreeReader
from services.registry.units.schemas import (
    BoundaryQuery,
    Feature,
    FeatureBody,
    FeatureCollection,
    UnionOut,
    UnionQuery,
    UnitCode,
    feature,
)
from services.registry.units.store import Units
from services.registry.units.unit import Unit
from shared.http.days import AsOf
from shared.http.etags import ExpectedVersion, answer
from shared.http.routes import router

routes = router(tags=["单位 · Units"])


@routes.get("/units/{code}/boundary")
async def boundary(
    code: UnitCode, query: Annotated[AsOf, Query()], caller: Reader, registry: RegistryDep, response: Response
) -> Feature:
    """The boundary as a GeoJSON Feature in WGS-84; without `as_of` with the ETag that a PUT wants · 边界。"""
    async with registry.uow() as uow:
        unit = await TreeReader(uow, query.as_of).one(code)
    if query.as_of is None:
        answer(response, unit.version)
    return feature(unit.state, unit.state.boundary)


@routes.get("/boundaries/union")
async def united(query: Annotated[UnionQuery, Query()], caller: Reader, registry: RegistryDep) -> UnionOut:
    """The area of several units together, where it is one; null where it is not · 合并后的边界。"""
    async with registry.uow() as uow:
        tree = TreeReader(uow, None)
        found = [await tree.one(code, field="codes") for code in query.codes]
    drawn = [unit.state.boundary for unit in found if unit.state.boundary is not None]
    whole = await asyncio.to_thread(union, drawn) if drawn else None
    return UnionOut(geometry=dict(whole) if whole is not None else None)


@routes.put("/units/{code}/boundary", max_body_size=512 * 1024)
async def put_boundary(
    code: UnitCode, query: Annotated[BoundaryQuery, Query()], body: FeatureBody, version: ExpectedVersion,
    caller: Keeper, registry: RegistryDep, response: Response,
) -> Feature:  # fmt: skip
    """Draw the boundary anew, or take it away: closed, not crossing itself, inside the one above and over nobody
    else's; whom it overlaps is named with the area · 修改边界。"""
    async with registry.uow() as uow:
        unit = UNIT_NOT_FOUND.unless(await Units.of(uow).by_code(code))
        state = replace(unit.state, boundary=body.geometry.model_dump() if body.geometry else None)
        unit = await put_unit(
            state, version, caller, uow, registry.holders, effective_from=query.effective_from, why=query.why
        )
    answer(response, unit.version)
    return feature(unit.state, unit.state.boundary)


@routes.get("/units/{code}/map", responses={304: {"description": "没有变化 · nothing changed"}})
async def map_(
    code: UnitCode,
    query: Annotated[AsOf, Query()],
    caller: Reader,
    registry: RegistryDep,
    response: Response,
    if_none_match: Annotated[
        str | None, Header(alias="If-None-Match", description="上次的 ETag · the ETag of before")
    ] = None,
) -> FeatureCollection:
    """The units directly below as a light GeoJSON collection, for maps: few corners, names and codes; unchanged (304)
    where the ETag is still right · 下级单位地图。"""
    async with registry.uow() as uow:
        tree = TreeReader(uow, query.as_of)
        await tree.one(code)
        tag = _tag(await tree.versions_below(code))
        response.headers["ETag"] = tag
        if if_none_match is not None and tag in if_none_match:
            response.status_code = 304
            return FeatureCollection(bbox=None, features=[])
        below = await tree.below(code)
    return await asyncio.to_thread(_drawn, below)


def _drawn(below: list[Unit]) -> FeatureCollection:
    boundaries = {unit.state.code: unit.state.boundary for unit in below if unit.state.boundary is not None}
    light, box = simplified(boundaries)
    return FeatureCollection(bbox=box, features=[feature(unit.state, light.get(unit.state.code)) for unit in below])


def _tag(versions: list[tuple[str, int]]) -> str:
    return f'"{sha256(repr(versions).encode()).hexdigest()[:24]}"'
