"""Facilities, extinguishers and certificates of all premises as Excel: out with a filter, and in, all of a table or nothing."""

from services.registry.deps import PlaceReader, Registry, RegistryDep, by_name
from services.registry.premises.deps import LedgerKeeper
from services.registry.premises.file_import_sheet import MOST, import_file
from services.registry.premises.file_ledgers_sheet import LEDGERS, row_of
from services.registry.premises.file_reading import FileReader, ListedFilter
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["消防档案 · Fire-safety files"])


def _routes_of(item: str) -> None:
    async def rows(query: ListedFilter, call: Call[Registry]) -> Pages:
        reader = FileReader(call.uow, call.caller)
        async for page in reader.of_item(item, query).whole():
            yield [row_of(entry, number, name) for entry, number, name in page]

    sheet_routes(
        routes, LEDGERS[item], f"/premises/{item}", service=RegistryDep, sees=PlaceReader, filter=ListedFilter, rows=rows,
        keeps=LedgerKeeper, most=MOST, by_name=by_name,
        take=lambda rows, call: import_file(item, rows, call.caller, call.uow, why=call.why),
    )  # fmt: skip


for _item in LEDGERS:
    _routes_of(_item)
