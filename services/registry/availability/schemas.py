"""What the endpoints for leave, shifts and who is on duty take and give. Instants are RFC 3339; days, weekdays and times
of day are local (Asia/Shanghai)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.availability.ask_leave import Wanted
from services.registry.availability.leave import KINDS, LIFE, STATES, Action, Kind, Leave
from services.registry.availability.on_duty import OnDuty
from services.registry.availability.presence import Presence, Why
from services.registry.availability.shift import Shift
from services.registry.posts.reading import PostRole
from services.registry.posts.roles import ZH
from services.registry.units.kinds import Kind as UnitKind
from shared.http.days import Day
from shared.http.types import Code, Instant, MediumText, QueryModel, StrictModel, Subject, Text
from shared.ids import new_id

Reason = Annotated[str, Text(0, 200)]
ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Weekday = Annotated[int, Field(ge=1, le=7)]
Limit = Annotated[int, Field(ge=1, le=500)]
Names = Mapping[str, str]


class LeaveBody(StrictModel):
    """Leave of mine, to be granted; with `person`, of somebody whose post I keep, entered as granted."""

    person: Subject | None = None
    starts_at: Instant
    ends_at: Instant
    kind: Kind
    reason: Reason = ""

    def wanted(self, caller: str) -> Wanted:
        return Wanted(self.person or caller, self.starts_at, self.ends_at, self.kind, self.reason)


class AnswerBody(StrictModel):
    """What is said to who asked."""

    answer: MediumText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOut(Leave):
    """`possible`: what may be done now; granting and refusing never by who is to be away."""

    name: str | None
    kind_zh: str
    state_zh: str
    asked_by_name: str | None
    decided_by_name: str | None
    possible: list[Action]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLeave(LeaveOut):
    unit_name: str


class ShiftBody(StrictModel):
    """Of all who hold `role` in `unit`, or of `person` alone; on `weekdays` (Monday 1) or on single `days`. One that ends
    before it begins goes on into the next day. From today where `valid_from` is left out."""

    unit: Code
    role: PostRole
    person: Subject | None = None
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    days: Annotated[tuple[Day, ...], Field(max_length=366)] = ()
    begins: ClockTime
    ends: ClockTime
    valid_from: Day | None = None
    valid_to: Day | None = None
    why: MediumText | None = None

    def shift(self, today: date) -> Shift:
        return Shift(
            new_id(), self.unit, self.role, self.person, self.weekdays, self.days, self.begins, self.ends,
            self.valid_from or today, self.valid_to, 1,
        )  # fmt: skip


class EndShiftBody(StrictModel):
    """`on` is the first day on which it does not begin; today where it is left out."""

    on: Day | None = None
    why: MediumText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftOut(Shift):
    role_zh: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedShift(ShiftOut):
    unit_name: str


class OnDutyQuery(QueryModel):
    """`at`: now where it is left out."""

    at: Instant | None = None


class PresentOut(BaseModel):
    """A post at the instant. `why`: a `shift` runs, or `no_plan` narrows it; else `leave` or `off_shift`. `until`: when
    the shift or the leave ends."""

    post: UUID
    person: str
    name: str | None
    role: str
    role_zh: str
    on_duty: bool
    why: Why
    until: datetime | None


class FallbackOut(BaseModel):
    """Who stands in, in a `neighbour`ing grid or `above`, because nobody of the unit does: there is `no_post` for it, all
    are on `leave`, or `off_shift`."""

    unit: str
    unit_name: str
    how: Literal["neighbour", "above"]
    why: Literal["no_post", "leave", "off_shift"]
    why_zh: str
    posts: list[PresentOut]


class OnDutyOut(BaseModel):
    """Everybody with a post in the unit at `at`. `answered`: somebody there answers for it, so no fallback is needed."""

    unit: str
    unit_name: str
    kind: UnitKind
    at: datetime
    answered: bool
    posts: list[PresentOut]
    fallback: FallbackOut | None


NOBODY: Mapping[str, str] = {"no_post": "没有人任此岗位", "leave": "都在请假", "off_shift": "不在值班时间"}


def leave_shown(leave: Leave, names: Names) -> LeaveOut:
    return LeaveOut(**_leave_facts(leave, names))


def leave_listed(leave: Leave, unit_name: str, names: Names) -> ListedLeave:
    return ListedLeave(**_leave_facts(leave, names), unit_name=unit_name)


def _leave_facts(leave: Leave, names: Names) -> dict[str, Any]:
    words = {"kind_zh": KINDS[leave.kind], "state_zh": STATES[leave.state]}
    of = {"name": leave.person, "asked_by_name": leave.asked_by, "decided_by_name": leave.decided_by or ""}
    called = {name: names.get(who) for name, who in of.items()}
    return {**asdict(leave), **words, **called, "possible": list(LIFE.possible(leave.state))}


def shift_shown(shift: Shift, names: Names) -> ShiftOut:
    return ShiftOut(**_shift_facts(shift, names))


def shift_listed(shift: Shift, unit_name: str, names: Names) -> ListedShift:
    return ListedShift(**_shift_facts(shift, names), unit_name=unit_name)


def _shift_facts(shift: Shift, names: Names) -> dict[str, Any]:
    return {**asdict(shift), "role_zh": ZH[shift.role], "name": names.get(shift.person or "")}


def on_duty_shown(found: OnDuty, names: Names) -> OnDutyOut:
    fallback = None
    if (instead := found.fallback) is not None:
        fallback = FallbackOut.model_validate(
            {
                "unit": instead.unit.code, "unit_name": instead.unit.name, "how": instead.how, "why": instead.why,
                "why_zh": NOBODY[instead.why], "posts": [_present(one, names) for one in instead.present],
            }
        )  # fmt: skip
    return OnDutyOut(
        unit=found.unit.code, unit_name=found.unit.name, kind=found.unit.kind, at=found.at.astimezone(UTC), answered=found.answered,
        posts=[_present(one, names) for one in found.posts], fallback=fallback,
    )  # fmt: skip


def _present(one: Presence, names: Names) -> PresentOut:
    post = one.post
    return PresentOut(
        post=post.id, person=post.person, name=names.get(post.person), role=post.role, role_zh=ZH[post.role],
        on_duty=one.on_duty, why=one.why, until=one.until,
    )  # fmt: skip
