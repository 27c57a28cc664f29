"""Joint meetings as Excel: what a filter shows, a template to fill in, and an import of past ones, all or nothing."""

from typing import Annotated

from services.registry.deps import Registry, RegistryDep, Staff, by_name
from services.registry.meetings.import_meetings import MOST, import_meetings
from services.registry.meetings.meeting import KEEPERS
from services.registry.meetings.reading import MeetingFilter, MeetingReader
from services.registry.meetings.sheet import MEETINGS, row_of, told_of
from shared.auth.permissions import may
from shared.auth.principal import Principal
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["联席会议 · Joint meetings"])


async def _rows(query: MeetingFilter, call: Call[Registry]) -> Pages:
    reader = MeetingReader(call.uow, call.caller)
    async for page in reader.find(query).whole():
        names = await reader.names({one.meeting.call.unit for one in page})
        yield [row_of(one, names) for one in page]


sheet_routes(
    routes, MEETINGS, "/meetings", service=RegistryDep, sees=Staff, filter=MeetingFilter, rows=_rows,
    keeps=Annotated[Principal, may(*KEEPERS)], most=MOST,
    note="What is entered is past: its resolutions give nobody work. ",
    take=lambda rows, call: import_meetings(
        [(row, *told_of(row.values)) for row in rows], call.caller, call.uow, why=call.why
    ),
    by_name=by_name,
)  # fmt: skip
