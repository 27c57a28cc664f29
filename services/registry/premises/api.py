"""Premises over HTTP: the ledger of a caller's part of the tree, one file with its trail, entering and stating."""

from typing import Annotated

from fastapi import Query

from services.registry.deps import PlaceReader, Registry, RegistryDep, trail_route
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
from shared.http.call import Call
from shared.http.days import AsOf
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
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


files = Things(routes, "/premises/{premises_id}", RegistryDep)


@files.get(PlaceReader)
async def read(premises_id: Id, query: Annotated[AsOf, Query()], call: Call[Registry]) -> PremisesOut:
    """One file, as it is or stood on a past day; its ETag is what a change wants · 单个场所。"""
    return shown(await PremisesReader(call.uow, call.caller, query.as_of).one(premises_id))


trail_route(routes, "/premises/{premises_id}", PremisesReader, "the file")


@files.post(LedgerKeeper)
async def enter(body: PremisesIn, call: Call[Registry]) -> PremisesOut:
    """Enter premises of your part of the tree; one that has a file already is refused with its number · 建档。"""
    return shown(await enter_premises(body.about(), call.caller, call.uow, why=body.why))


@files.put(LedgerKeeper)
async def state(premises_id: Id, version: ExpectedVersion, body: PremisesIn, call: Call[Registry]) -> PremisesOut:
    """State anew all that is known of the premises as you read them (If-Match) · 修改档案。"""
    one = await state_premises(premises_id, version, body.about(), call.caller, call.uow, why=body.why)
    await call.service.follow_premises(call.uow, call.caller, [one.id])
    return shown(one)
