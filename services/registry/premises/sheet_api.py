"""Premises as Excel: what a filter shows, a template to fill in, and an import that takes all of a table or nothing."""

from collections.abc import Sequence

from services.registry.deps import PlaceReader, Registry, RegistryDep, by_name
from services.registry.premises.deps import LedgerKeeper
from services.registry.premises.import_premises import MOST, Told, import_premises
from services.registry.premises.reading import PremisesFilter, PremisesReader
from services.registry.premises.sheet import PREMISES, about_of, row_of
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes
from shared.sheets.rows import Row
from shared.sheets.taking import Taken

routes = router(tags=["场所 · Premises"])


async def _rows(query: PremisesFilter, call: Call[Registry]) -> Pages:
    async for page in PremisesReader(call.uow, call.caller, query.as_of).bare(query).whole():
        yield [row_of(one) for one in page]


async def _take(rows: Sequence[Row], call: Call[Registry]) -> Taken:
    taken = await import_premises(map(_told, rows), call.caller, call.uow, why=call.why)
    await call.service.follow_premises(call.uow, call.caller, None)
    return taken


def _told(row: Row) -> Told:
    return Told(row, row.values["number"], about_of(row.values))


sheet_routes(
    routes, PREMISES, "/premises", service=RegistryDep, sees=PlaceReader, filter=PremisesFilter, rows=_rows,
    keeps=LedgerKeeper, most=MOST,
    take=_take,
    by_name=by_name,
)  # fmt: skip
