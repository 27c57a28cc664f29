"""Clocks over HTTP: lists, one, its trail, and what is overdue by unit. Callers see what is in their reach."""

from typing import Annotated

from fastapi import Query

from services.supervision.clocks.reading import ClockCounts, ClockFilter, ClockQuery, ClockReader
from services.supervision.clocks.schemas import (
    ClockOut,
    OverdueList,
    counted,
    shown,
)
from services.supervision.deps import SupervisionDep
from services.supervision.schema import tables
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.types import Id
from shared.trail.read import TrailOut, trail_of

routes = router(tags=["计时 · Clocks"])

Reader = Annotated[Principal, signed_in()]


@routes.get("/clocks")
async def find(query: Annotated[ClockQuery, Query()], caller: Reader, supervision: SupervisionDep) -> PageOut[ClockOut]:
    """Clocks by thing, limit, unit, street, state, light, number or being overdue, what is due first · 查计时，先到期的在前。"""
    async with supervision.uow() as uow:
        found = await ClockReader(uow, caller).find(query)
        tree = await supervision.projection.tree(uow.connection)
        return PageOut.of(found, lambda clock: shown(clock, uow.now, tree))


@routes.get("/clocks/counts")
async def counts(query: Annotated[ClockFilter, Query()], caller: Reader, supervision: SupervisionDep) -> ClockCounts:
    """How many clocks there are with the same filter, by state and light · 计时统计。"""
    async with supervision.uow() as uow:
        return await ClockReader(uow, caller).counts(query)


@routes.get("/overdue")
async def overdue(caller: Reader, supervision: SupervisionDep) -> OverdueList:
    """How many limits each unit has let pass, whoever has the most first · 各单位超期数。"""
    async with supervision.uow() as uow:
        found = await ClockReader(uow, caller).overdue()
        tree = await supervision.projection.tree(uow.connection)
        return OverdueList(as_of=uow.now, items=[counted(one, tree) for one in found])


@routes.get("/clocks/{clock_id}")
async def read(clock_id: Id, caller: Reader, supervision: SupervisionDep) -> ClockOut:
    """One clock · 单个计时。"""
    async with supervision.uow() as uow:
        clock = await ClockReader(uow, caller).one(clock_id)
        return shown(clock, uow.now, await supervision.projection.tree(uow.connection))


@routes.get("/clocks/{clock_id}/trail")
async def trail(clock_id: Id, caller: Reader, supervision: SupervisionDep) -> TrailOut:
    """Everything that happened to it, hash-chained · 留痕。"""
    async with supervision.uow() as uow:
        await ClockReader(uow, caller).one(clock_id)
        return await trail_of(uow.connection, tables, clock_id)
