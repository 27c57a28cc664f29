"""Joint meetings over HTTP: called, recorded, approved; what became of each resolution."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Response

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
from shared.db.unit_of_work import UnitOfWork
from shared.files.attach import documents_of, photos_of
from shared.http.actions import Actions
from shared.http.call import Call
from shared.http.etags import ExpectedVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
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


@routes.get("/meetings/{meeting_id}")
async def read(meeting_id: Id, caller: Staff, registry: RegistryDep, response: Response) -> MeetingOut:
    """One meeting with its minutes, and the state of each resolution's work order · 单次会议。"""
    async with registry.uow() as uow:
        meeting = await MeetingReader(uow, caller).one(meeting_id)
        answer(response, meeting.version)
        return await _shown(meeting, caller, uow, registry)


trail_route(routes, "/meetings/{meeting_id}", MeetingReader, "the meeting")


@routes.post("/meetings", status_code=201)
async def call(body: CallBody, caller: _Keeper, registry: RegistryDep, response: Response) -> MeetingOut:
    """Call a meeting of a unit in your part of the tree, or that your office serves · 召集会议。"""
    async with registry.uow() as uow:
        meeting = await call_new(body.call(), caller, uow, why=body.why)
        answer(response, meeting.version)
        return await _shown(meeting, caller, uow, registry)


@routes.put("/meetings/{meeting_id}")
async def restate(
    meeting_id: Id, body: CallBody, version: ExpectedVersion, caller: _Keeper, registry: RegistryDep, response: Response
) -> MeetingOut:
    """Call it anew, as you read it (If-Match): time, place, agenda, whom it invites · 修改会议通知。"""
    async with registry.uow() as uow:
        meeting = await restate_call(meeting_id, version, body.call(), caller, uow, why=body.why)
        answer(response, meeting.version)
        return await _shown(meeting, caller, uow, registry)


@routes.put("/meetings/{meeting_id}/record", max_body_size=_LARGEST)
async def record(
    meeting_id: Id, body: RecordBody, version: ExpectedVersion, caller: _Keeper, registry: RegistryDep,
    response: Response,
) -> MeetingOut:  # fmt: skip
    """It was held: attendance, minutes and resolutions, as often as needed until they are approved · 会议记录。"""
    async with registry.uow() as uow:
        meeting = await write_record(
            meeting_id, version, body.record(), body.photos, body.documents, caller, uow, registry.calendar
        )
        answer(response, meeting.version)
        return await _shown(meeting, caller, uow, registry)


async def _done(meeting: Meeting, call: Call[Registry]) -> MeetingOut:
    return await _shown(meeting, call.caller, call.uow, call.service)


act = Actions(routes, "/meetings/{meeting_id}", LIFE.roles_of, service=RegistryDep, shows=MeetingOut, show=_done)


@act.on(Action.APPROVE)
async def approve(meeting_id: UUID, version: int, body: ApproveBody, call: Call[Registry]) -> Meeting:
    """Approve the minutes: nothing of them changes any more, and each resolution becomes one work order · 签发纪要。"""
    return await approve_minutes(meeting_id, version, call.caller, call.uow, why=body.why)


@act.on(Action.ADD)
async def add(meeting_id: UUID, version: int, body: AddBody, call: Call[Registry]) -> Meeting:
    """Correct or complete approved minutes by an addendum; they stay as they are · 补充说明。"""
    return await add_to_minutes(meeting_id, version, body.text, body.documents, call.caller, call.uow)


@act.on(Action.CANCEL)
async def cancel(meeting_id: UUID, version: int, body: CancelMeetingBody, call: Call[Registry]) -> Meeting:
    """It will not be held; say why · 取消会议。"""
    return await cancel_meeting(meeting_id, version, call.caller, call.uow, why=body.why)


async def _shown(meeting: Meeting, caller: Principal, uow: UnitOfWork, registry: Registry) -> MeetingOut:
    """As this transaction leaves it."""
    await Meetings.of(uow).flush()
    reader = MeetingReader(uow, caller)
    orders = await reader.orders(meeting)
    names = await reader.names(units_in(meeting, orders))
    people = await registry.people(uow, caller, [meeting.approved_by, *(added.by for added in meeting.addenda)])
    photos = await photos_of(uow.connection, files, Meetings.kind, [meeting.id])
    documents = await documents_of(uow.connection, files, Meetings.kind, [meeting.id])
    return shown(meeting, names, people, orders, photos.get(meeting.id, []), documents.get(meeting.id, []))
