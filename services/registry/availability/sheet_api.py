"""Leave and shifts as Excel: what the lists show with the same filter, empty templates, imports of all or nothing."""

from services.registry.availability.import_sheet import MOST, import_leave, import_shifts
from services.registry.availability.reading import LeaveFilter, LeaveReader, ShiftFilter, ShiftReader
from services.registry.availability.sheet import LEAVE, SHIFTS, leave_row, shift_row
from services.registry.deps import Keeper, Registry, RegistryDep, Staff, by_name
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["在岗 · Availability"])


async def _leave(query: LeaveFilter, call: Call[Registry]) -> Pages:
    async for page in LeaveReader(call.uow, call.caller).find(query).whole():
        names = await call.service.names(call.uow, [leave.person for leave, _ in page])
        yield [leave_row(leave, unit, names.get(leave.person)) for leave, unit in page]


async def _shifts(query: ShiftFilter, call: Call[Registry]) -> Pages:
    async for page in ShiftReader(call.uow, call.caller).find(query).whole():
        names = await call.service.names(call.uow, [shift.person for shift, _ in page if shift.person])
        yield [shift_row(shift, unit, names.get(shift.person or "")) for shift, unit in page]


sheet_routes(
    routes, LEAVE, "/leave", service=RegistryDep, sees=Staff, filter=LeaveFilter, rows=_leave, keeps=Keeper, most=MOST,
    note="What is entered is granted. ",
    take=lambda rows, call: import_leave(rows, call.caller, call.uow, why=call.why),
    by_name=by_name,
)  # fmt: skip
sheet_routes(
    routes, SHIFTS, "/shifts", service=RegistryDep, sees=Staff, filter=ShiftFilter, rows=_shifts, keeps=Keeper,
    most=MOST, take=lambda rows, call: import_shifts(rows, call.caller, call.uow, why=call.why),
    by_name=by_name,
)  # fmt: skip
