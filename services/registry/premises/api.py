"""Premises over HTTP: the ledger of a caller's part of the tree, one file with its trail, entering and stating."""

from typing import Annotated

from fastapi import Query, Response

from services.registry.deps import PlaceReader, RegistryDep, trail_route
from services.registry.premises.deps import LedgerKeeper
from services.registry.premises.enter_premises import enter_premises, state_premises
from services.registry.premises.kind_schemas import KINDS, KindsOut
from services.registry.premises.reading import PremisesFilter, PremisesQuery, PremisesReader
from services.registry.premises.schemas import (
    ListedPremises,
    PremisesCounts,
    PremisesIn,
    PremisesOut,
    counted,
    listed,
    shown,
)
from shared.http.days import AsOf
from shared.http.etags import ExpectedVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.types import Id

routes = router(tags=["场所 · Premises"])


@routes.get("/premises")
async def find(
    query: Annotated[PremisesQuery, Query()], caller: PlaceReader, registry: RegistryDep
) -> PageOut[ListedPremises]:
    """The premises of an area, by number, as they are or stood on a past day · 场所台账。"""
    async with registry.uow() as uow:
        reader = PremisesReader(uow, caller, query.as_of)
        found = await reader.find(query).page(query.limit, query.after)
    return PageOut.of(found, listed)


@routes.get("/premises/counts")
async def counts(
    query: Annotated[PremisesFilter, Query()], caller: PlaceReader, registry: RegistryDep
) -> PremisesCounts:
    """How many premises the same filter finds, by category · 场所统计。"""
    async with registry.uow() as uow:
        return counted(await PremisesReader(uow, caller, query.as_of).counts(query))


@routes.get("/premises/kinds")
async def kinds(caller: PlaceReader) -> KindsOut:
    """Categories and uses in words, and what the areas count as a key unit or a small place, each with its source ·
    场所类别与界定标准。"""
    return KINDS


@routes.get("/premises/{premises_id}")
async def read(
    premises_id: Id, query: Annotated[AsOf, Query()], caller: PlaceReader, registry: RegistryDep, response: Response
) -> PremisesOut:
    """One file, as it is or stood on a past day; its ETag is what a change wants · 单个场所。"""
    async with registry.uow() as uow:
        one = await PremisesReader(uow, caller, query.as_of).one(premises_id)
    answer(response, one.version)
    return shown(one)


trail_route(routes, "/premises/{premises_id}", PremisesReader, "the file")


@routes.post("/premises", status_code=201)
async def enter(body: PremisesIn, caller: LedgerKeeper, registry: RegistryDep, response: Response) -> PremisesOut:
    """Enter premises of your part of the tree; one that has a file already is refused with its number · 建档。"""
    async with registry.uow() as uow:
        one = await enter_premises(body.about(), caller, uow, why=body.why)
    answer(response, one.version)
    return shown(one)


@routes.put("/premises/{premises_id}")
async def state(
    premises_id: Id,
    body: PremisesIn,
    version: ExpectedVersion,
    caller: LedgerKeeper,
    registry: RegistryDep,
    response: Response,
) -> PremisesOut:
    """State anew all that is known of the premises as you read them (If-Match) · 修改档案。"""
    async with registry.uow() as uow:
        one = await state_premises(premises_id, version, body.about(), caller, uow, why=body.why)
        await registry.follow_premises(uow, caller, [one.id])
    answer(response, one.version)
    return shown(one)
