"""What the endpoints for joint meetings take and give. Times are RFC 3339, in answers UTC; deadlines are local days."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.meetings.meeting import Addendum, Attendance, Call, Meeting, MeetingState, Record, Resolution
from services.registry.meetings.reading import Listed
from shared.files.attach import DocumentOut, PhotoOut
from shared.files.table import MOST_OF_A_THING
from shared.http.days import Day
from shared.http.types import (
    Code,
    Id,
    Instant,
    LongText,
    MediumText,
    ShortText,
    StrictModel,
    Text,
)
from shared.ids import new_id

_Units = Annotated[tuple[Code, ...], Field(min_length=1, max_length=100)]
Files = Annotated[tuple[Id, ...], Field(max_length=MOST_OF_A_THING)]
"""Files of the caller's (`POST /files`)."""


class CallBody(StrictModel):
    """`unit` convenes; `invited` are the units that shall come; `chair` is who presides."""

    unit: Code
    title: ShortText
    starts_at: Instant
    place: MediumText
    chair: Annotated[str, Text(0, 100)] = ""
    agenda: Annotated[tuple[MediumText, ...], Field(min_length=1, max_length=50)]
    invited: _Units
    why: MediumText | None = None

    def call(self) -> Call:
        told = {name: getattr(self, name) for name in CallBody.model_fields if name != "why"}
        return Call(**told | {"invited": tuple(dict.fromkeys(self.invited))})


class AttendanceBody(StrictModel):
    """Who came for a unit; `present` false where nobody did."""

    unit: Code
    person: Annotated[str, Text(0, 100)] = ""
    present: bool = True


class ResolutionBody(StrictModel):
    """What `lead_unit` must do by the end of the local day `deadline`; `assisting` are units in words."""

    text: MediumText
    lead_unit: Code
    assisting: Annotated[str, Text(0, 200)] = ""
    deadline: Day


class RecordBody(StrictModel):
    """What was written, whole: attendance, minutes and resolutions replace what was written before. `photos` are added,
    such as of the attendance sheet, and `documents` (PDF)."""

    attendance: Annotated[tuple[AttendanceBody, ...], Field(min_length=1, max_length=200)]
    minutes: Annotated[str, Text(0, 50_000)] = ""
    resolutions: Annotated[tuple[ResolutionBody, ...], Field(max_length=50)] = ()
    photos: Files = ()
    documents: Files = ()

    def record(self) -> Record:
        return Record(
            tuple(Attendance(one.unit, one.person, one.present) for one in self.attendance),
            self.minutes,
            tuple(
                Resolution(new_id(), one.text, one.lead_unit, one.assisting, one.deadline) for one in self.resolutions
            ),
        )


class ApproveBody(StrictModel):
    why: MediumText | None = None


class AddBody(StrictModel):
    """With `documents` (PDF) where there are any, such as the minutes as they were signed."""

    text: LongText
    documents: Files = ()


class CancelMeetingBody(StrictModel):
    why: MediumText


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceOut(Attendance):
    unit_name: str | None


class ResolutionOrder(BaseModel):
    """The work order of a resolution as dispatch told it last; `due_at` is its limit to resolve."""

    id: UUID
    number: str
    state: str
    lead_unit: str | None
    lead_unit_name: str | None
    due_at: datetime
    result: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionOut(Resolution):
    """`number` is empty until the minutes are approved, `work_order` null dispatch has opened it."""

    number: str
    lead_unit_name: str | None
    work_order: ResolutionOrder | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumOut(Addendum):
    by_name: str | None


class InvitedOut(BaseModel):
    unit: str
    unit_name: str | None


class ListedMeeting(BaseModel):
    """`resolutions` is how many it has, `closed` how many of their work orders are closed."""

    id: UUID
    number: str
    state: MeetingState
    unit: str
    unit_name: str | None
    title: str
    starts_at: datetime
    place: str
    resolutions: int
    closed: int


class MeetingOut(BaseModel):
    """`minutes` and what goes with them are there once it was held. People are as told; `approved_by` and `by` are the
    subjects they sign in with, beside them what they are called."""

    id: UUID
    number: str
    street: str
    state: MeetingState
    unit: str
    unit_name: str | None
    title: str
    starts_at: datetime
    place: str
    chair: str
    agenda: list[str]
    invited: list[InvitedOut]
    attendance: list[AttendanceOut]
    minutes: str
    resolutions: list[ResolutionOut]
    approved_by: str | None
    approved_by_name: str | None
    approved_at: datetime | None
    addenda: list[AddendumOut]
    photos: list[PhotoOut]
    documents: list[DocumentOut]
    version: int


class MeetingCounts(BaseModel):
    """How many meetings there are, and by state."""

    meetings: int
    by_state: dict[MeetingState, int]


def units_in(meeting: Meeting, orders: Mapping[UUID, Mapping[Any, Any]]) -> set[str]:
    """The codes of all units that the answer names."""
    record = meeting.record
    codes = {meeting.call.unit, *meeting.call.invited, *meeting.leads}
    codes |= {one.unit for one in record.attendance} if record else set()
    return codes | {order["lead_unit"] for order in orders.values() if order["lead_unit"]}


def listed(found: Listed, names: Mapping[str, str]) -> ListedMeeting:
    one = found.meeting
    return ListedMeeting(
        id=one.id, number=one.number, state=one.state, unit=one.call.unit, unit_name=names.get(one.call.unit),
        title=one.call.title, starts_at=one.call.starts_at, place=one.call.place, resolutions=found.resolutions,
        closed=found.closed,
    )  # fmt: skip


def shown(
    one: Meeting,
    names: Mapping[str, str],
    people: Mapping[str, str],
    orders: Mapping[UUID, Mapping[Any, Any]],
    photos: list[PhotoOut],
    documents: list[DocumentOut],
) -> MeetingOut:
    call, record = one.call, one.record
    return MeetingOut(
        id=one.id, number=one.number, street=one.street, state=one.state, unit=call.unit,
        unit_name=names.get(call.unit), title=call.title, starts_at=call.starts_at, place=call.place, chair=call.chair,
        agenda=list(call.agenda),
        invited=[InvitedOut(unit=code, unit_name=names.get(code)) for code in call.invited],
        attendance=[
            AttendanceOut(**asdict(at), unit_name=names.get(at.unit))
            for at in (record.attendance if record else ())
        ],
        minutes=record.minutes if record else "",
        resolutions=[
            _resolution(resolved, names, orders.get(resolved.id))
            for resolved in (record.resolutions if record else ())
        ],
        approved_by=one.approved_by, approved_by_name=people.get(one.approved_by or ""), approved_at=one.approved_at,
        addenda=[
            AddendumOut(**asdict(added), by_name=people.get(added.by)) for added in one.addenda
        ],
        photos=photos, documents=documents, version=one.version,
    )  # fmt: skip


def _resolution(one: Resolution, names: Mapping[str, str], order: Mapping[Any, Any] | None) -> ResolutionOut:
    opened = order is not None and order["work_order_id"] is not None
    return ResolutionOut(
        **asdict(one),
        lead_unit_name=names.get(one.lead_unit),
        work_order=_order(order, names) if order is not None and opened else None,
    )


def _order(order: Mapping[Any, Any], names: Mapping[str, str]) -> ResolutionOrder:
    return ResolutionOrder(
        id=order["work_order_id"], lead_unit_name=names.get(order["lead_unit"] or ""),
        **{name: order[name] for name in ("number", "state", "lead_unit", "due_at", "result")},
    )  # fmt: skip
