"""An administrator drafts the next version of a checklist of the own part of the tree, and publishes it."""

from services.registry.duties.put_plan import require_area
from services.registry.inspections.checklist_store import Checklists
from services.registry.inspections.checklists import FIRST, Checklist, Contents
from services.registry.inspections.errors import CHECKLIST_AREA_FIXED, CHECKLIST_NOT_FOUND
from services.registry.inspections.kept_checklist import KeptChecklist, draft, publish
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.change import Change
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.ids import new_id


async def draft_checklist(
    code: str, area: str | None, contents: Contents, version: int | None, caller: Principal, uow: UnitOfWork, *,
    why: str | None,
) -> KeptChecklist:  # fmt: skip
    """The list with a draft, new where there is none of this code (`version` None). Raises Conflict for another version,
    Forbidden and Invalid."""
    await alone(uow)
    await require_area(area, caller, uow)
    store = Checklists.of(uow)
    before = await store.of_code(code)
    if before is not None:
        require_version(version or 0, before.version)
        if before.area != area:
            raise CHECKLIST_AREA_FIXED()
    elif code in FIRST and area is not None:
        raise CHECKLIST_AREA_FIXED()
    known = before or KeptChecklist(new_id(), code, area, FIRST[code].version if code in FIRST else 0, None, 0)
    change = draft(known, contents, by=caller.actor(), now=uow.now, why=why)
    _put(change, store, new=before is None)
    return change.after


async def publish_checklist(
    code: str, version: int, caller: Principal, uow: UnitOfWork, *, why: str | None
) -> KeptChecklist:
    """The list, its draft the newest version: inspectors are offered it from now on. Raises NotFound, Conflict, Forbidden."""
    await alone(uow)
    store = Checklists.of(uow)
    before = CHECKLIST_NOT_FOUND.unless(await store.of_code(code))
    await require_area(before.area, caller, uow)
    require_version(version, before.version)
    change = publish(before, by=caller.actor(), now=uow.now, why=why)
    _put(change, store, new=False)
    if before.draft is not None:
        await store.keep_version(Checklist(code, change.after.newest, before.area, before.draft))
    return change.after


def _put(change: Change[KeptChecklist], store: Checklists, *, new: bool) -> None:
    if new:
        store.add(change)
    else:
        store.put(change)
