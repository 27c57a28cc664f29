"""Checklists of a table at once: each is the draft of its next version; all or nothing, and nothing again the second time."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from services.registry.inspections.checklist_sheet import head_of, question_of
from services.registry.inspections.checklist_store import Checklists, newest_lists
from services.registry.inspections.checklists import Contents
from services.registry.inspections.errors import CHECKLIST_HEAD_MISSING
from services.registry.inspections.keep_checklist import draft_checklist
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.sheets.rows import Row
from shared.sheets.taking import Taken

MOST: Final = 5_000


async def import_checklists(rows: Sequence[Row], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Draft what the rows say; lists are counted, not questions. The unit of work must not be committed where one was
    refused."""
    await alone(uow)
    kept = {one.code: one for one in await Checklists.of(uow).all()}
    newest = {one.code: one for one in await newest_lists(uow)}
    lists: dict[str, list[Row]] = {}
    for row in rows:
        lists.setdefault(row.values["code"], []).append(row)
    done, refused = Counter[str](), list[tuple[Row, GridGovError]]()
    for code, of_list in lists.items():
        before, published = kept.get(code), newest.get(code)
        try:
            contents = _contents(of_list)
            present = before.draft if before and before.draft else published.contents if published else None
            if contents == present:
                done["same"] += 1
                continue
            area = of_list[0].values["area"] or None
            await draft_checklist(code, area, contents, before.version if before else None, caller, uow, why=why)
            done["changed" if present else "entered"] += 1
        except GridGovError as error:
            refused.append((of_list[0], error))
    return Taken(done["entered"], done["changed"], done["same"], refused)


def _contents(rows: Sequence[Row]) -> Contents:
    head = head_of(rows[0].values)
    if head is None:
        raise CHECKLIST_HEAD_MISSING()
    return head.contents(question_of(row.values).question() for row in rows)
