"""Checklists as they are kept, over HTTP: to read for the staff; to draft and publish for administrators."""

from typing import Annotated

from fastapi import Path, Response

from services.registry.deps import RegistryDep, Staff
from services.registry.duties.deps import Planner
from services.registry.inspections.checklist_store import Checklists, newest_lists, versions_of_list
from services.registry.inspections.errors import CHECKLIST_NOT_FOUND
from services.registry.inspections.keep_checklist import draft_checklist, publish_checklist
from services.registry.inspections.kept_checklist_schemas import (
    ChecklistCode,
    DraftBody,
    KeptLists,
    KeptOut,
    PublishBody,
    kept_listed,
    kept_out,
)
from shared.db.unit_of_work import UnitOfWork
from shared.http.etags import ExpectedVersion, SeenVersion, answer
from shared.http.routes import router
from shared.trail.read import TrailOut

routes = router(tags=["检查表 · Checklists"])

Checklist = Annotated[ChecklistCode, Path()]


@routes.get("/checklists/kept")
async def find(caller: Staff, registry: RegistryDep) -> KeptLists:
    """All lists, with the number of their newest version and whether the next one is drafted · 检查表管理。"""
    async with registry.uow() as uow:
        kept = {one.code: one for one in await Checklists.of(uow).all()}
        newest = {one.code: one for one in await newest_lists(uow)}
    return KeptLists(items=[kept_listed(kept.get(code), newest.get(code)) for code in sorted({*kept, *newest})])


@routes.get("/checklists/kept/{checklist}")
async def read(checklist: Checklist, caller: Staff, registry: RegistryDep, response: Response) -> KeptOut:
    """One list: its draft and all its versions; its ETag, where it was changed before, is what a change wants · 单份检查表。"""
    async with registry.uow() as uow:
        found = await _shown(checklist, uow)
    if found.version is not None:
        answer(response, found.version)
    return found


@routes.get("/checklists/kept/{checklist}/trail")
async def trail(checklist: Checklist, caller: Staff, registry: RegistryDep) -> TrailOut:
    """Who drafted and published what, hash-chained · 留痕。"""
    async with registry.uow() as uow:
        kept = CHECKLIST_NOT_FOUND.unless(await Checklists.of(uow).of_code(checklist))
        return await registry.trail(uow, caller, kept.id)


@routes.put("/checklists/kept/{checklist}/draft", max_body_size=512 * 1024)
async def draft(
    checklist: Checklist, body: DraftBody, version: SeenVersion, caller: Planner, registry: RegistryDep,
    response: Response,
) -> KeptOut:  # fmt: skip
    """State the next version of a list, or the first of a new one; nobody inspects by it before it is published ·
    保存草稿。"""
    async with registry.uow() as uow:
        kept = await draft_checklist(checklist, body.area, body.drafted(), version, caller, uow, why=body.why)
        found = await _shown(checklist, uow)
    answer(response, kept.version)
    return found


@routes.post("/checklists/kept/{checklist}/publish")
async def publish(
    checklist: Checklist, body: PublishBody, version: ExpectedVersion, caller: Planner, registry: RegistryDep,
    response: Response,
) -> KeptOut:  # fmt: skip
    """Publish the draft: inspectors are offered it from now on, past inspections keep their version · 发布新版本。"""
    async with registry.uow() as uow:
        kept = await publish_checklist(checklist, version, caller, uow, why=body.why)
        found = await _shown(checklist, uow)
    answer(response, kept.version)
    return found


async def _shown(code: str, uow: UnitOfWork) -> KeptOut:
    kept, versions = await Checklists.of(uow).of_code(code), await versions_of_list(uow, code)
    if kept is None and not versions:
        raise CHECKLIST_NOT_FOUND()
    return kept_out(code, kept, versions)
