"""Inspections over HTTP: the checklists that fit, sending one, finding and reading them."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.registry.deps import PlaceReader, RegistryDep, trail_route
from services.registry.hazards.store import Hazards
from services.registry.inspections.checklist_schemas import ChecklistQuery, ChecklistsOut, checklists_out
from services.registry.inspections.checklist_store import newest_lists, versions_of
from services.registry.inspections.checklists import offered
from services.registry.inspections.make_inspection import make_inspection
from services.registry.inspections.reading import InspectionQuery, InspectionReader
from services.registry.inspections.schemas import (
    InspectionIn,
    InspectionOut,
    InspectionReceipt,
    ListedInspection,
    listed,
    shown,
)
from services.registry.inspections.store import Inspections
from services.registry.premises.deps import Inspector
from services.registry.premises.reading import PremisesReader
from services.registry.schema import files
from shared.files.attach import photos_of
from shared.http.etags import answer
from shared.http.json_body import fingerprint
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.types import Id, IdempotencyKey
from shared.origin import Origin

routes = router(tags=["检查 · Inspections"])


@routes.get("/checklists")
async def checklists(
    query: Annotated[ChecklistQuery, Query()], caller: PlaceReader, registry: RegistryDep
) -> ChecklistsOut:
    """The checklists, or those that fit premises, each with its source and whom and what it is for · 检查表。"""
    async with registry.uow() as uow:
        if query.premises_id is None:
            lists, category = await newest_lists(uow, near=caller.reach.unit), None
        else:
            premises = await PremisesReader(uow, caller).one(query.premises_id)
            lists, category = await newest_lists(uow, at=premises.about.unit), premises.about.category
    return checklists_out(offered(lists, category=category, inspector=query.inspector))


@routes.post("/inspections", status_code=201)
async def send(
    body: InspectionIn, key: IdempotencyKey, caller: Inspector, registry: RegistryDep, request: Request,
    response: Response,
) -> InspectionReceipt:  # fmt: skip
    """Send an inspection. The same Idempotency-Key and body gives the first answer again, any number of times; each
    finding opens a hazard · 提交检查。"""
    origin = Origin(caller.subject, key, fingerprint(await request.json()))
    async with registry.uow() as uow:
        receipt = await make_inspection(body.sent(), origin, caller, uow, calendar=registry.calendar)
    answer(response, receipt.version)
    if receipt.repeated:
        response.headers["Idempotent-Replay"] = "true"
    return InspectionReceipt(id=receipt.id, number=receipt.number, repeated=receipt.repeated)


@routes.get("/inspections")
async def find(
    query: Annotated[InspectionQuery, Query()], caller: PlaceReader, registry: RegistryDep
) -> PageOut[ListedInspection]:
    """The inspections of an area, newest first · 检查台账。"""
    async with registry.uow() as uow:
        reader = InspectionReader(uow, caller)
        found = await reader.find(query, registry.who(caller, query.who)).page(query.limit, query.after)
        names = await registry.people(uow, caller, (one.inspection.inspector for one in found.rows))
        lists = await versions_of(uow, {one.inspection.asked for one in found.rows})
    return PageOut.of(found, lambda one: listed(one, lists[one.inspection.asked], caller, names))


@routes.get("/inspections/{inspection_id}")
async def read(inspection_id: Id, caller: PlaceReader, registry: RegistryDep, response: Response) -> InspectionOut:
    """One inspection: answers, findings with their hazards, photos and signatures · 单次检查。"""
    async with registry.uow() as uow:
        reader = InspectionReader(uow, caller)
        placed = await reader.one(inspection_id)
        asked = placed.inspection.asked
        checklist = (await versions_of(uow, [asked]))[asked]
        hazards = [finding.hazard_id for finding in placed.inspection.told.findings]
        opened = await reader.opened(hazards)
        photos = await photos_of(uow.connection, files, Inspections.kind, [inspection_id])
        of_hazards = await photos_of(uow.connection, files, Hazards.kind, hazards)
        names = await registry.people(uow, caller, [placed.inspection.inspector])
    answer(response, placed.inspection.version)
    return shown(placed, checklist, caller, opened, photos.get(inspection_id, ()), of_hazards, names)


trail_route(routes, "/inspections/{inspection_id}", InspectionReader, "the inspection")
