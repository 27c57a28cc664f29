"""Joint meetings over HTTP: called, recorded, approved; what became of each resolution."""

from typing import Annotated, Final

from fastapi import Query

from services.registry.deps import Registry, RegistryDep, Staff, trail_route
from services.registry.meetings.keep_meeting import (
    add_to_minutes,
    approve_minutes,
    call_new,
    cancel_meeting,
    restate_call,
    write_record,
)
from services.registry.meetings.meeting import KEEPERS, LIFE, Action, Meeting
from services.registry.meetings.reading import MeetingFilter, MeetingQuery, MeetingReader
from services.registry.meetings.schemas import (
    AddBody,
    ApproveBody,
    CallBody,
    CancelMeetingBody,
    ListedMeeting,
    MeetingCounts,
    MeetingOut,
    RecordBody,
    listed,
    shown,
    units_in,
)
from services.registry.meetings.store import Meetings
from services.registry.schema import files
from shared.auth.permissions import may
from shared.auth.principal import Principal
from shared.files.attach import documents_of, photos_of
from shared.http.call import Call
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import Id

routes = router(tags=["联席会议 · Joint meetings"])

_Keeper = Annotated[Principal, may(*KEEPERS)]
_LARGEST: Final = 512 * 1024
"""Bytes of one record: minutes are long."""


@routes.get("/meetings")
async def find(query: Annotated[MeetingQuery, Query()], caller: Staff, registry: RegistryDep) -> PageOut[ListedMeeting]:
    """Joint meetings of your part of the tree, to which you are invited or which gave you work, the latest first ·
    联席会议。"""
    async with registry.uow() as uow:
        reader = MeetingReader(uow, caller)
        found = await reader.find(query).page(query.limit, query.after)
        names = await reader.names({one.meeting.call.unit for one in found.rows})
    return PageOut.of(found, lambda one: listed(one, names))


@routes.get("/meetings/counts")
async def counts(query: Annotated[MeetingFilter, Query()], caller: Staff, registry: RegistryDep) -> MeetingCounts:
    """How many meetings the same filter finds, by state · 联席会议统计。"""
    async with registry.uow() as uow:
        by_state = await MeetingReader(uow, caller).counts(query)
    return MeetingCounts(meetings=sum(by_state.values()), by_state=by_state)


meetings = Things(routes, "/meetings/{meeting_id}", RegistryDep, LIFE.roles_of)


@meetings.get(Staff)
async def read(meeting_id: Id, call: Call[Registry]) -> MeetingOut:
    """One meeting with its minutes, and the state of each resolution's work order · 单次会议。"""
    return await _shown(await MeetingReader(call.uow, call.caller).one(meeting_id), call)


trail_route(routes, "/meetings/{meeting_id}", MeetingReader, "the meeting")


@meetings.post(_Keeper)
async def call(body: CallBody, call: Call[Registry]) -> MeetingOut:
    """Call a meeting of a unit in your part of the tree, or that your office serves · 召集会议。"""
    return await _shown(await call_new(body.call(), call.caller, call.uow, why=body.why), call)


@meetings.put(_Keeper)
async def restate(meeting_id: Id, version: ExpectedVersion, body: CallBody, call: Call[Registry]) -> MeetingOut:
    """Call it anew, as you read it (If-Match): time, place, agenda, whom it invites · 修改会议通知。"""
    return await _shown(await restate_call(meeting_id, version, body.call(), call.caller, call.uow, why=body.why), call)


@meetings.put(_Keeper, "/record", max_body_size=_LARGEST)
async def record(meeting_id: Id, version: ExpectedVersion, body: RecordBody, call: Call[Registry]) -> MeetingOut:
    """It was held: attendance, minutes and resolutions, as often as needed until they are approved · 会议记录。"""
    calendar = call.service.calendar
    meeting = await write_record(
        meeting_id, version, body.record(), body.photos, body.documents, call.caller, call.uow, calendar
    )
    return await _shown(meeting, call)


@meetings.on(Action.APPROVE)
async def approve(meeting_id: Id, version: ExpectedVersion, body: ApproveBody, call: Call[Registry]) -> MeetingOut:
    """Approve the minutes: nothing of them changes any more, and each resolution becomes one work order · 签发纪要。"""
    return await _shown(await approve_minutes(meeting_id, version, call.caller, call.uow, why=body.why), call)


@meetings.on(Action.ADD)
async def add(meeting_id: Id, version: ExpectedVersion, body: AddBody, call: Call[Registry]) -> MeetingOut:
    """Correct or complete approved minutes by an addendum; they stay as they are · 补充说明。"""
    return await _shown(
        await add_to_minutes(meeting_id, version, body.text, body.documents, call.caller, call.uow), call
    )


@meetings.on(Action.CANCEL)
async def cancel(meeting_id: Id, version: ExpectedVersion, body: CancelMeetingBody, call: Call[Registry]) -> MeetingOut:
    """It will not be held; say why · 取消会议。"""
    return await _shown(await cancel_meeting(meeting_id, version, call.caller, call.uow, why=body.why), call)


async def _shown(meeting: Meeting, call: Call[Registry]) -> MeetingOut:
    """As this transaction leaves it."""
    uow, caller = call.uow, call.caller
    await Meetings.of(uow).flush()
    reader = MeetingReader(uow, caller)
    orders = await reader.orders(meeting)
    names = await reader.names(units_in(meeting, orders))
    people = await call.service.people(uow, caller, [meeting.approved_by, *(one.by for one in meeting.addenda)])
    photos = await photos_of(uow.connection, files, Meetings.kind, [meeting.id])
    documents = await documents_of(uow.connection, files, Meetings.kind, [meeting.id])
    return shown(meeting, names, people, orders, photos.get(meeting.id, []), documents.get(meeting.id, []))
