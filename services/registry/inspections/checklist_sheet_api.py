"""Checklists as Excel: the newest version of each, a template, and an import that drafts the next ones."""

from services.registry.deps import Registry, RegistryDep, Staff, by_name
from services.registry.duties.deps import Planner
from services.registry.inspections.checklist_import_sheet import MOST, import_checklists
from services.registry.inspections.checklist_sheet import CHECKLISTS, rows_of
from services.registry.inspections.checklist_store import newest_lists
from services.registry.inspections.kept_checklist_schemas import ChecklistFilter
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["检查表 · Checklists"])


async def _rows(query: ChecklistFilter, call: Call[Registry]) -> Pages:
    for one in await newest_lists(call.uow):
        if query.code in (None, one.code):
            yield [*rows_of(one.code, one.area, one.contents)]


sheet_routes(
    routes, CHECKLISTS, "/checklists", service=RegistryDep, sees=Staff, filter=ChecklistFilter, rows=_rows,
    keeps=Planner, most=MOST, note="What is entered is a draft: nobody inspects by it before it is published. ",
    take=lambda rows, call: import_checklists(rows, call.caller, call.uow, why=call.why),
    by_name=by_name,
)  # fmt: skip
