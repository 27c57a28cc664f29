"""Units as a table over HTTP: what `GET /units` finds, an empty template, and an import of all or nothing."""

from services.registry.deps import Keeper, Reader, Registry, RegistryDep, by_name
from services.registry.units.import_sheet import MOST, import_units
from services.registry.units.reading import TreeReader, UnitFilter
from services.registry.units.sheet import UNITS, row_of
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["单位 · Units"])


async def _rows(query: UnitFilter, call: Call[Registry]) -> Pages:
    async for page in TreeReader(call.uow, query.as_of).find(query).whole():
        yield [row_of(unit) for unit in page]


sheet_routes(
    routes, UNITS, "/units", service=RegistryDep, sees=Reader, filter=UnitFilter, rows=_rows, keeps=Keeper, most=MOST,
    take=lambda rows, call: import_units(rows, call.caller, call.uow, call.service.holders, why=call.why),
    by_name=by_name,
)  # fmt: skip
