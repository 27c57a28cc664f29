"""Hazards as Excel: what a filter shows, a template to fill in, and an import that takes all of a table or nothing."""

from typing import Annotated

from services.registry.deps import PlaceReader, Registry, RegistryDep, by_name
from services.registry.hazards.import_hazards import MOST, import_hazards
from services.registry.hazards.lifecycle import FINDERS
from services.registry.hazards.reading import HazardFilter, HazardReader
from services.registry.hazards.sheet import HAZARDS, row_of
from shared.auth.permissions import may
from shared.auth.principal import Principal
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["隐患 · Hazards"])

Finder = Annotated[Principal, may(*FINDERS)]


async def _rows(query: HazardFilter, call: Call[Registry]) -> Pages:
    async for page in HazardReader(call.uow, call.caller).find(query).whole():
        yield [row_of(row, call.uow.now) for row in page]


sheet_routes(
    routes, HAZARDS, "/hazards", service=RegistryDep, sees=PlaceReader, filter=HazardFilter, rows=_rows, keeps=Finder,
    most=MOST, take=lambda rows, call: import_hazards(rows, call.caller, call.uow, why=call.why),
    by_name=by_name,
)  # fmt: skip
