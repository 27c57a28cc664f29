"""Activities as Excel: what a filter shows, a template to fill in, and an import that takes all of a table or nothing."""

from services.registry.activities.import_activities import MOST, import_activities
from services.registry.activities.reading import ActivityReader
from services.registry.activities.schemas import ActivityFilter
from services.registry.activities.sheet import ACTIVITIES, row_of
from services.registry.deps import Registry, RegistryDep, Staff
from services.registry.premises.deps import LedgerKeeper
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["宣传培训演练 · Activities"])


async def _rows(query: ActivityFilter, call: Call[Registry]) -> Pages:
    async for page in ActivityReader(call.uow, call.caller).pages(query.wanted()):
        yield [row_of(one) for one in page]


sheet_routes(
    routes, ACTIVITIES, "/activities", service=RegistryDep, sees=Staff, filter=ActivityFilter, rows=_rows,
    keeps=LedgerKeeper, most=MOST,
    take=lambda rows, call: import_activities(rows, call.caller, call.uow, call.service.calendar, why=call.why),
)  # fmt: skip
