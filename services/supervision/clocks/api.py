"""Clocks over HTTP: lists, one, its trail, and what is overdue by unit. Callers see what is in their reach."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.supervision.clocks.reading import ClockReader, KeptClock
from services.supervision.clocks.schemas import (
    ClockOut,
    ClockPage,
    ClockQuery,
    OverdueList,
    counted,
    shown,
)
from services.supervision.deps import SupervisionDep
from services.supervision.schema import tables
from services.supervision.unit_of_work import SupervisionUnitOfWork
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.errors import NotFound
from shared.http.routes import router
from shared.http.types import Id
from shared.trail.read import TrailOut, trail_of

routes = router(tags=["计时 · Clocks"])

Reader = Annotated[Principal, signed_in()]


@routes.get("/clocks")
async def find(query: Annotated[ClockQuery, Query()], caller: Reader, supervision: SupervisionDep) -> ClockPage:
    """Clocks by work order, unit, state or being overdue, what is due first · 按工单、单位、状态、是否超期查计时。"""
    async with supervision.uow() as uow:
        found, following = await _reader(uow, caller).find(
            work_order_id=query.work_order_id,
            unit=query.unit,
            state=query.state,
            overdue=query.overdue,
            now=uow.now,
            limit=query.limit,
            after=query.after,
        )
        return ClockPage(items=[shown(kept, uow.now) for kept in found], next=following)


@routes.get("/overdue")
async def overdue(caller: Reader, supervision: SupervisionDep) -> OverdueList:
    """How many limits each unit has let pass, whoever has the most first · 各单位超期数。"""
    async with supervision.uow() as uow:
        found = await _reader(uow, caller).overdue(uow.now)
        return OverdueList(as_of=uow.now, items=[counted(one) for one in found])


@routes.get("/clocks/{clock_id}")
async def read(clock_id: Id, caller: Reader, supervision: SupervisionDep) -> ClockOut:
    """One clock · 单个计时。"""
    async with supervision.uow() as uow:
        return shown(await _visible(uow, caller, clock_id), uow.now)


@routes.get("/clocks/{clock_id}/trail")
async def trail(clock_id: Id, caller: Reader, supervision: SupervisionDep) -> TrailOut:
    """Everything that happened to it, hash-chained · 留痕。"""
    async with supervision.uow() as uow:
        await _visible(uow, caller, clock_id)
        return await trail_of(uow.connection, tables, clock_id)


def _reader(uow: SupervisionUnitOfWork, caller: Principal) -> ClockReader:
    return ClockReader(uow.connection, uow.projection, caller.reach)


async def _visible(uow: SupervisionUnitOfWork, caller: Principal, clock_id: UUID) -> KeptClock:
    kept = await _reader(uow, caller).one(clock_id)
    if kept is None:
        raise NotFound(
            "clock_not_found", "没有这个计时，或您无权查看。", "There is no such clock, or it is not yours to see."
        )
    return kept
