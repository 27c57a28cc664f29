"""Duties and plans as Excel: what a filter shows, and plans in and out, all of a table or nothing."""

from services.registry.deps import PlaceReader, Registry, RegistryDep, Staff, by_name
from services.registry.duties.deps import Planner
from services.registry.duties.import_plans import MOST, import_plans
from services.registry.duties.plan_reading import PlanFilter, find_plans
from services.registry.duties.reading import DutyFilter, DutyReader
from services.registry.duties.sheet import DUTIES, PLANS, duty_row, plan_row, stated_of
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, export_route, sheet_routes

routes = router(tags=["定期职责 · Duties"])


async def _duties(query: DutyFilter, call: Call[Registry]) -> Pages:
    async for page in DutyReader(call.uow, call.caller).find(query).whole():
        yield [duty_row(one, call.uow.now) for one in page]


async def _plans(query: PlanFilter, call: Call[Registry]) -> Pages:
    async for page in (await find_plans(call.uow, query)).whole():
        yield [plan_row(plan) for plan in page]


export_route(routes, DUTIES, "/duties", service=RegistryDep, sees=PlaceReader, filter=DutyFilter, rows=_duties)
sheet_routes(
    routes, PLANS, "/duty-plans", service=RegistryDep, sees=Staff, filter=PlanFilter, rows=_plans, keeps=Planner,
    most=MOST,
    take=lambda rows, call: import_plans(
        [(row, stated_of(row.values)) for row in rows], call.caller, call.uow, why=call.why
    ),
    by_name=by_name,
)  # fmt: skip
