"""Activities as Excel: what a filter shows, a template to fill in, and an import that takes all of a table or nothing."""

from services.registry.activities.activity import ActivityState
from services.registry.activities.import_activities import MOST, Told, import_activities
from services.registry.activities.reading import ActivityFilter, ActivityReader
from services.registry.activities.sheet import ACTIVITIES, body_of, row_of
from services.registry.deps import PlaceReader, Registry, RegistryDep, by_name
from services.registry.premises.deps import LedgerKeeper
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes
from shared.sheets.rows import Row

routes = router(tags=["宣传培训演练 · Activities"])


async def _rows(query: ActivityFilter, call: Call[Registry]) -> Pages:
    async for page in ActivityReader(call.uow, call.caller).find(query).whole():
        yield [row_of(one) for one in page]


def _told(row: Row) -> Told:
    body, told = body_of(row.values), row.values
    cancelled = told["state"] == ActivityState.CANCELLED
    return Told(row, told["number"], told["premises"], cancelled, body.plan(), body.held())


sheet_routes(
    routes, ACTIVITIES, "/activities", service=RegistryDep, sees=PlaceReader, filter=ActivityFilter, rows=_rows,
    keeps=LedgerKeeper, most=MOST,
    take=lambda rows, call: import_activities(
        map(_told, rows), call.caller, call.uow, call.service.calendar, why=call.why
    ),
    by_name=by_name,
)  # fmt: skip
