"""Checklists as they are kept, over HTTP: to read for the staff; to draft and publish for administrators."""

from typing import Annotated

from fastapi import Path

from services.registry.deps import Registry, RegistryDep, Staff
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
from shared.http.call import Call
from shared.http.etags import ExpectedVersion, SeenVersion
from shared.http.routes import router
from shared.http.things import Things
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


lists = Things(routes, "/checklists/kept/{checklist}", RegistryDep)


@lists.get(Staff)
async def read(checklist: Checklist, call: Call[Registry]) -> KeptOut:
    """One list: its draft and all its versions; its ETag, where it was changed before, is what a change wants · 单份检查表。"""
    return await _shown(checklist, call.uow)


@routes.get("/checklists/kept/{checklist}/trail")
async def trail(checklist: Checklist, caller: Staff, registry: RegistryDep) -> TrailOut:
    """Who drafted and published what, hash-chained · 留痕。"""
    async with registry.uow() as uow:
        kept = CHECKLIST_NOT_FOUND.unless(await Checklists.of(uow).of_code(checklist))
        return await registry.trail(uow, caller, kept.id)


@lists.put(Planner, "/draft", max_body_size=512 * 1024)
async def draft(checklist: Checklist, version: SeenVersion, body: DraftBody, call: Call[Registry]) -> KeptOut:
    """State the next version of a list, or the first of a new one; nobody inspects by it before it is published ·
    保存草稿。"""
    await draft_checklist(checklist, body.area, body.drafted(), version, call.caller, call.uow, why=body.why)
    return await _shown(checklist, call.uow)


@lists.act(Planner, "publish")
async def publish(checklist: Checklist, version: ExpectedVersion, body: PublishBody, call: Call[Registry]) -> KeptOut:
    """Publish the draft: inspectors are offered it from now on, past inspections keep their version · 发布新版本。"""
    await publish_checklist(checklist, version, call.caller, call.uow, why=body.why)
    return await _shown(checklist, call.uow)


async def _shown(code: str, uow: UnitOfWork) -> KeptOut:
    kept, versions = await Checklists.of(uow).of_code(code), await versions_of_list(uow, code)
    if kept is None and not versions:
        raise CHECKLIST_NOT_FOUND()
    return kept_out(code, kept, versions)
