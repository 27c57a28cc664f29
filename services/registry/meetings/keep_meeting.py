"""A person calls a meeting, writes what was said and resolved, approves the minutes, adds to them or cancels."""

from collections.abc import Sequence
from uuid import UUID

from services.registry.duties.count_for import Done, Thing, count_for
from services.registry.duties.kinds import Act
from services.registry.meetings.convening import existing, keeps, leads, may_be_given_work, street_of
from services.registry.meetings.errors import (
    MEETING_INVITED_UNKNOWN,
    MEETING_KNOWN,
    MEETING_NOT_YOURS,
    MEETING_UNIT_UNKNOWN,
)
from services.registry.meetings.meeting import (
    Call,
    Meeting,
    Record,
    add,
    approve,
    call_meeting,
    cancel,
    keep_record,
    restate,
)
from services.registry.meetings.reading import MeetingReader
from services.registry.meetings.store import Meetings
from services.registry.schema import files
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.change import Change
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.files.attach import attach
from shared.files.table import Thing as Attached
from shared.ids import new_id
from shared.worktime.calendar import Calendar


async def call_new(call: Call, caller: Principal, uow: UnitOfWork, *, why: str | None) -> Meeting:
    """The new meeting. Raises Conflict, naming its number, when it is called already; Invalid."""
    if not await keeps(uow, caller, call.unit, local_day(uow.now)):
        raise MEETING_UNIT_UNKNOWN()
    await _require_units(uow, "invited", call.invited)
    await alone(uow)
    store = Meetings.of(uow)
    for one in await store.at({call.starts_at}):
        if one.call.key == call.key:
            raise MEETING_KNOWN(number=one.number, data={"number": one.number})
    number = f"{call.unit}-LH{await store.new_number()}"
    street = await street_of(uow, call.unit)
    change = call_meeting(new_id(), number, street, call, by=caller.actor(), now=uow.now, why=why)
    store.add(change)
    return change.after


async def restate_call(
    id: UUID, version: int, call: Call, caller: Principal, uow: UnitOfWork, *, why: str | None
) -> Meeting:
    """The meeting as it is called now. Raises NotFound, Forbidden, Conflict and Invalid."""
    before = await _mine(id, version, caller, uow)
    await _require_units(uow, "invited", call.invited)
    return _put(restate(before, call, by=caller.actor(), now=uow.now, why=why), uow)


async def write_record(
    id: UUID, version: int, record: Record, photos: Sequence[UUID], documents: Sequence[UUID], caller: Principal,
    uow: UnitOfWork, calendar: Calendar,
) -> Meeting:  # fmt: skip
    """The meeting with what was written; the first time it was held by that, and counts for the duty to hold one. Raises
    NotFound, Forbidden, Conflict and Invalid."""
    before = await _mine(id, version, caller, uow)
    await _require_units(uow, "attendance", [one.unit for one in record.attendance])
    suitable = await _suitable(uow, before, record)
    after = _put(keep_record(before, record, suitable, by=caller.actor(), now=uow.now, why=None), uow)
    thing = Attached(Meetings.kind, id, Meetings.kind)
    await attach(uow, files, photos, thing, caller.subject)
    await attach(uow, files, documents, thing, caller.subject, documents=True)
    if before.record is None:
        done = Done(Act.MEETING, after.call.unit, None, after.call.starts_at, Thing(Meetings.kind, id, after.number))
        await count_for(uow, done, by=caller.actor(), calendar=calendar)
    return after


async def approve_minutes(id: UUID, version: int, caller: Principal, uow: UnitOfWork, *, why: str | None) -> Meeting:
    """The meeting, approved: from now on its resolutions are orders. Raises NotFound, Forbidden for who does not lead the
    convening unit, Conflict and Invalid, and has then told nobody anything."""
    before = await _seen(id, version, caller, uow)
    if not await leads(uow, caller, before.call.unit):
        raise MEETING_NOT_YOURS()
    suitable = await _suitable(uow, before, before.record)
    serials = await Meetings.of(uow).resolution_numbers(len(before.record.resolutions) if before.record else 0)
    after = _put(approve(before, suitable, serials, by=caller.actor(), now=uow.now, why=why), uow)
    await Meetings.of(uow).expect_orders(after)
    return after


async def add_to_minutes(
    id: UUID, version: int, text: str, documents: Sequence[UUID], caller: Principal, uow: UnitOfWork
) -> Meeting:
    """The meeting with an addendum. Raises NotFound, Forbidden and Conflict."""
    after = _put(add(await _mine(id, version, caller, uow), text, by=caller.actor(), now=uow.now), uow)
    thing = Attached(Meetings.kind, id, Meetings.kind)
    await attach(uow, files, documents, thing, caller.subject, documents=True)
    return after


async def cancel_meeting(id: UUID, version: int, caller: Principal, uow: UnitOfWork, *, why: str) -> Meeting:
    """The meeting, which will not be held. Raises NotFound, Forbidden and Conflict."""
    return _put(cancel(await _mine(id, version, caller, uow), by=caller.actor(), now=uow.now, why=why), uow)


async def _seen(id: UUID, version: int, caller: Principal, uow: UnitOfWork) -> Meeting:
    found = await MeetingReader(uow, caller).one(id)
    require_version(version, found.version)
    return found


async def _mine(id: UUID, version: int, caller: Principal, uow: UnitOfWork) -> Meeting:
    """The meeting as the caller read it. Who is only invited sees it, and changes nothing."""
    found = await _seen(id, version, caller, uow)
    if not await keeps(uow, caller, found.call.unit, local_day(uow.now)):
        raise MEETING_NOT_YOURS()
    return found


async def _require_units(uow: UnitOfWork, field: str, codes: Sequence[str]) -> None:
    known = await existing(uow, codes, local_day(uow.now))
    if unknown := sorted(set(codes) - known):
        raise MEETING_INVITED_UNKNOWN(field=field, codes=unknown, data={"unknown": unknown})


async def _suitable(uow: UnitOfWork, meeting: Meeting, record: Record | None) -> set[str]:
    codes = {one.lead_unit for one in record.resolutions} if record else set()
    return await may_be_given_work(uow, codes, meeting.call.unit, local_day(uow.now))


def _put(change: Change[Meeting], uow: UnitOfWork) -> Meeting:
    Meetings.of(uow).put(change)
    return change.after
