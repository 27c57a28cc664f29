"""People's facts as Excel: what `GET /people` finds, to be filled in, and an import of all or nothing."""

from services.registry.composition.import_sheet import MOST, import_facts
from services.registry.composition.reading import PeopleReader
from services.registry.composition.schemas import PeopleFilter
from services.registry.composition.sheet import PEOPLE, row_of
from services.registry.deps import Keeper, Registry, RegistryDep, by_name
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["队伍 · Staff"])


async def _rows(query: PeopleFilter, call: Call[Registry]) -> Pages:
    reader = PeopleReader(call.uow, call.caller, call.service.cipher, query.as_of)
    async for page in reader.find(query.area).whole():
        names = await call.service.names(call.uow, [one.person for one in page])
        yield [row_of(one, names.get(one.person)) for one in page]


sheet_routes(
    routes, PEOPLE, "/people", service=RegistryDep, sees=Keeper, filter=PeopleFilter, rows=_rows, keeps=Keeper,
    most=MOST, take=lambda rows, call: import_facts(rows, call.caller, call.uow, call.service.cipher, why=call.why),
    by_name=by_name,
)  # fmt: skip
