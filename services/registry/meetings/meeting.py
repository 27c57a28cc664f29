"""The joint meeting (联席会议): called, held, its minutes approved by who leads; then its resolutions are orders. Pure.

Approval is all or nothing, and afterwards nothing changes any more: a correction is an addendum, beside the minutes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.registry.meetings.errors import (
    MEETING_AHEAD,
    MEETING_MINUTES_EMPTY,
    MEETING_NOBODY_PRESENT,
    MEETING_NOT_YET,
    MEETING_UNIT_FIXED,
    RESOLUTION_DEADLINE,
    RESOLUTION_LEAD_UNIT,
)
from shared.auth.principal import Role
from shared.change import Actor, Change
from shared.clock import end_of, local_day
from shared.events.registry.meetings import ResolutionAdopted
from shared.lifecycle import Lifecycle, Move
from shared.units.passing import Succession


class MeetingState(StrEnum):
    CALLED = "called"
    HELD = "held"
    APPROVED = "approved"
    CANCELLED = "cancelled"


class Action(StrEnum):
    CALL = "call"
    ENTER = "enter"
    """From a table, as it was on paper."""
    RESTATE = "restate"
    HOLD = "hold"
    RECORD = "record"
    APPROVE = "approve"
    ADD = "add"
    CANCEL = "cancel"


KEEPERS: Final = (Role.DEPARTMENT_HANDLER, Role.DISPATCHER, Role.LEADER, Role.ADMIN)
"""Who calls meetings and keeps their minutes; the approval is for who leads the unit that called."""
_KEEPERS: Final = frozenset(KEEPERS)
LIFE: Final[Lifecycle[MeetingState, Action, Move]] = Lifecycle(
    "meeting",
    "联席会议",
    "meeting",
    {
        (MeetingState.CALLED, Action.RESTATE): Move(MeetingState.CALLED, _KEEPERS),
        (MeetingState.CALLED, Action.HOLD): Move(MeetingState.HELD, _KEEPERS),
        (MeetingState.CALLED, Action.CANCEL): Move(MeetingState.CANCELLED, _KEEPERS),
        (MeetingState.HELD, Action.RECORD): Move(MeetingState.HELD, _KEEPERS),
        (MeetingState.HELD, Action.APPROVE): Move(MeetingState.APPROVED, frozenset({Role.LEADER})),
        (MeetingState.APPROVED, Action.ADD): Move(MeetingState.APPROVED, _KEEPERS),
    },
)

AHEAD: Final = timedelta(days=366)
"""How far ahead a meeting is called, and a resolution's deadline lies; a later day is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is called: `unit` convenes and leads, `invited` are the codes of the units that shall come; the instant is
    UTC. `chair` is who presides, as people say it."""

    unit: str
    title: str
    starts_at: datetime
    place: str
    chair: str
    agenda: tuple[str, ...]
    invited: tuple[str, ...]

    @property
    def key(self) -> tuple[str, datetime, str]:
        """By what the same meeting is recognised, however its title is typed."""
        return self.unit, self.starts_at, "".join(self.title.split())


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who came for a unit, or that nobody did."""

    unit: str
    person: str
    present: bool


@dataclass(frozen=True, slots=True)
class Resolution:
    """What was resolved (决议): `lead_unit` must see to it by the local day `deadline`; `assisting` are units as told.
    `number` is its own for ever, and empty until the minutes are approved."""

    id: UUID
    text: str
    lead_unit: str
    assisting: str
    deadline: date
    number: str = ""

    @property
    def due_at(self) -> datetime:
        """The end of its last day."""
        return end_of(self.deadline)


@dataclass(frozen=True, slots=True)
class Record:
    """What was written at the meeting and after it, until the minutes are approved."""

    attendance: tuple[Attendance, ...]
    minutes: str
    resolutions: tuple[Resolution, ...]


@dataclass(frozen=True, slots=True)
class Addendum:
    """A correction after the approval; the person is a subject, never a name."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Meeting:
    """`number` is its own for ever; `street` the street that convened it or that it lies in, empty above streets."""

    id: UUID
    number: str
    street: str
    state: MeetingState
    call: Call
    record: Record | None
    approved_by: str | None
    approved_at: datetime | None
    addenda: tuple[Addendum, ...]
    version: int

    @property
    def leads(self) -> tuple[str, ...]:
        """The units that must see to something: they see the meeting."""
        resolutions = self.record.resolutions if self.record else ()
        return tuple(dict.fromkeys(one.lead_unit for one in resolutions))


def call_meeting(
    id: UUID, number: str, street: str, call: Call, *, by: Actor, now: datetime, why: str | None
) -> Change[Meeting]:
    """A new one. Raises Invalid."""
    _check(call, now)
    made = Meeting(id, number, street, MeetingState.CALLED, call, None, None, None, (), 1)
    return Change(made, Action.CALL, by, now, why, {"number": number, "invited": list(call.invited)})


def restate(before: Meeting, call: Call, *, by: Actor, now: datetime, why: str | None) -> Change[Meeting]:
    """`before` called anew with all that is stated now. Raises Conflict once it was held, Invalid."""
    LIFE.move(before.state, Action.RESTATE)
    if call.unit != before.call.unit:
        raise MEETING_UNIT_FIXED()
    _check(call, now)
    changed = {one.name for one in fields(Call) if getattr(before.call, one.name) != getattr(call, one.name)}
    what: dict[str, Any] = {name: getattr(call, name) for name in sorted(changed - {"chair", "agenda"})}
    what |= dict.fromkeys(changed & {"chair", "agenda"}, True)
    return Change(replace(before, call=call, version=before.version + 1), Action.RESTATE, by, now, why, what)


def keep_record(
    before: Meeting, record: Record, suitable: Collection[str], *, by: Actor, now: datetime, why: str | None
) -> Change[Meeting]:
    """It was held and this was written; or, once more before the approval, this is written instead. `suitable` are the
    units that may be given work by it. Raises Conflict once it is approved, Invalid."""
    action = Action.HOLD if before.state is MeetingState.CALLED else Action.RECORD
    state = MeetingState(LIFE.move(before.state, action).after)
    if before.call.starts_at > now:
        raise MEETING_NOT_YET()
    if not any(one.present for one in record.attendance):
        raise MEETING_NOBODY_PRESENT()
    _check_resolutions(record, suitable, local_day(before.call.starts_at))
    after = replace(before, state=state, record=record, version=before.version + 1)
    present = sum(one.present for one in record.attendance)
    return Change(after, action, by, now, why, {"present": present, "resolutions": len(record.resolutions)})


def approve(
    before: Meeting, suitable: Collection[str], serials: Sequence[str], *, by: Actor, now: datetime, why: str | None
) -> Change[Meeting]:
    """The minutes hold, and each resolution is told to who must see to it, under the number that ends with its one of
    `serials`. Raises Conflict unless it was held and not
    approved; Invalid, and then tells nothing, where the minutes are empty or a resolution cannot be carried out."""
    state, record = MeetingState(LIFE.move(before.state, Action.APPROVE).after), before.record
    if record is None or not record.minutes.strip():
        raise MEETING_MINUTES_EMPTY()
    _check_resolutions(record, suitable, local_day(now))
    numbered = zip(record.resolutions, serials, strict=True)
    record = replace(
        record, resolutions=tuple(replace(one, number=f"{before.call.unit}-JY{serial}") for one, serial in numbered)
    )
    after = replace(
        before, state=state, record=record, approved_by=by.id, approved_at=now, version=before.version + 1
    )  # fmt: skip
    events = tuple(_adopted(after, one, now) for one in record.resolutions)
    return Change(after, Action.APPROVE, by, now, why, {"resolutions": [one.number for one in events]}, events)


def enter_past(
    id: UUID, number: str, street: str, call: Call, record: Record, *, by: Actor, now: datetime, why: str | None
) -> Change[Meeting]:
    """A meeting that was held and approved on paper: it gives nobody work, for that time is past. Raises Invalid."""
    if call.starts_at > now:
        raise MEETING_NOT_YET()
    if not any(one.present for one in record.attendance):
        raise MEETING_NOBODY_PRESENT()
    made = Meeting(id, number, street, MeetingState.APPROVED, call, record, by.id, now, (), 1)
    return Change(made, Action.ENTER, by, now, why, {"number": number, "resolutions": len(record.resolutions)})


def add(before: Meeting, text: str, *, by: Actor, now: datetime) -> Change[Meeting]:
    """An addendum to approved minutes, which stay as they are. Raises Conflict before the approval."""
    LIFE.move(before.state, Action.ADD)
    addenda = (*before.addenda, Addendum(text, by.id, now))
    return Change(replace(before, addenda=addenda, version=before.version + 1), Action.ADD, by, now, text)


def cancel(before: Meeting, *, by: Actor, now: datetime, why: str) -> Change[Meeting]:
    """It will not be held. Raises Conflict once it was."""
    state = MeetingState(LIFE.move(before.state, Action.CANCEL).after)
    return Change(replace(before, state=state, version=before.version + 1), Action.CANCEL, by, now, why)


def succeed(before: Meeting, succession: Succession, *, by: Actor, now: datetime) -> Change[Meeting]:
    """`before`, not approved yet, where a unit that it names was succeeded by another: that one convenes it, is invited or
    must see to its resolutions. Who came for a unit stays as it was written."""

    def now_of(unit: str) -> str:
        return succession.successor if unit == succession.unit else unit

    invited = tuple(dict.fromkeys(map(now_of, before.call.invited)))
    record = before.record
    if record is not None:
        resolutions = tuple(replace(one, lead_unit=now_of(one.lead_unit)) for one in record.resolutions)
        record = replace(record, resolutions=resolutions)
    after = replace(
        before,
        street=succession.street if before.call.unit == succession.unit else before.street,
        call=replace(before.call, unit=now_of(before.call.unit), invited=invited),
        record=record,
        version=before.version + 1,
    )
    return Change(after, "succeed", by, now, what=succession.trail())


def _adopted(meeting: Meeting, one: Resolution, now: datetime) -> ResolutionAdopted:
    return ResolutionAdopted(
        resolution_id=one.id, number=one.number, meeting_id=meeting.id, meeting_number=meeting.number,
        meeting_title=meeting.call.title, area=meeting.call.unit, street=meeting.street, text=one.text, lead_unit=one.lead_unit,
        assisting=one.assisting, due_at=one.due_at, at=now, version=meeting.version,
    )  # fmt: skip


def _check(call: Call, now: datetime) -> None:
    if call.starts_at > now + AHEAD:
        raise MEETING_AHEAD()


def _check_resolutions(record: Record, suitable: Collection[str], first: date) -> None:
    """Raise Invalid for one whose deadline lies before `first` or a year later, or whose lead may not be given work."""
    for at, one in enumerate(record.resolutions):
        if not first <= one.deadline <= first + AHEAD:
            raise RESOLUTION_DEADLINE(field=f"resolutions.{at}.deadline", number=at + 1)
        if one.lead_unit not in suitable:
            raise RESOLUTION_LEAD_UNIT(field=f"resolutions.{at}.lead_unit", number=at + 1)
