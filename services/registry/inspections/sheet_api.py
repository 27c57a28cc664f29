"""Inspections as Excel: what a filter shows, a template to fill in, and an import of past ones, all of a table or nothing."""

from services.registry.deps import PlaceReader, Registry, RegistryDep, by_name
from services.registry.inspections.checklist_store import versions_of
from services.registry.inspections.import_inspections import MOST, import_inspections
from services.registry.inspections.reading import InspectionFilter, InspectionReader
from services.registry.inspections.sheet import INSPECTIONS, row_of
from services.registry.premises.deps import LedgerKeeper
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["检查 · Inspections"])


async def _rows(query: InspectionFilter, call: Call[Registry]) -> Pages:
    who = call.service.who(call.caller, query.who)
    async for lines in InspectionReader(call.uow, call.caller).lines(query, who).whole():
        asked = [(line["checklist"], line["checklist_version"]) for line in lines]
        lists = await versions_of(call.uow, set(asked))
        names = await call.service.people(call.uow, call.caller, (line["inspector"] for line in lines))
        yield [row_of(line, lists[of].zh, names) for line, of in zip(lines, asked, strict=True)]


sheet_routes(
    routes, INSPECTIONS, "/inspections", service=RegistryDep, sees=PlaceReader, filter=InspectionFilter, rows=_rows,
    keeps=LedgerKeeper, most=MOST, note="What is entered is past and opens no hazards. ",
    take=lambda rows, call: import_inspections(rows, call.caller, call.uow, why=call.why),
    by_name=by_name,
)  # fmt: skip
