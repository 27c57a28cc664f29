"""What the endpoints for activities take and give. Times are RFC 3339, in answers UTC."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.activities.activity import ActivityState, Outcome, Plan
from services.registry.activities.detail_schemas import planned, results
from services.registry.activities.kinds import KINDS, TARGETS, ActivityKind, Target
from services.registry.activities.reading import Named, Tally
from services.registry.premises.file_schemas import FieldOut, Told, field_out
from shared.files.attach import PhotoOut
from shared.files.table import MOST_OF_A_THING
from shared.http.types import Code, Id, Instant, MediumText, ShortText, StrictModel, Text

Photos = Annotated[tuple[Id, ...], Field(max_length=MOST_OF_A_THING)]
_NOTHING: Final[dict[str, str | int]] = {}
Remark = Annotated[str, Text(0, 1_000)]


class OutcomeBody(StrictModel):
    """What came of it. `results` has what the kind alone has (`GET /activities/kinds`)."""

    people: Annotated[int, Field(ge=0, le=1_000_000)]
    departments: Annotated[tuple[ShortText, ...], Field(max_length=50)] = ()
    results: Told = _NOTHING

    def outcome(self, kind: ActivityKind) -> Outcome:
        return Outcome(self.people, self.departments, results(kind, self.results))


class PlanBody(StrictModel):
    """`unit` is the place in a street; where `premises_id` is given it is theirs, and may be left out. `details` has what
    the kind alone has (`GET /activities/kinds`)."""

    kind: ActivityKind
    unit: Code | None = None
    premises_id: Id | None = None
    title: ShortText
    starts_at: Instant
    ends_at: Instant | None = None
    place: Remark = ""
    content: Annotated[str, Text(0, 10_000)] = ""
    organiser: Annotated[str, Text(0, 100)] = ""
    target: Target | None = None
    details: Told = _NOTHING

    def plan(self) -> Plan:
        told: dict[str, Any] = {name: getattr(self, name) for name in PlanBody.model_fields}
        return Plan(**told | {"unit": self.unit or "", "details": planned(self.kind, self.details)})


class ActivityIn(PlanBody):
    """With an `outcome` it was held already. `photos` are files of the caller's (`POST /files`), and are added to those it
    has; `why` goes on the trail."""

    outcome: OutcomeBody | None = None
    photos: Photos = ()
    why: MediumText | None = None

    def held(self) -> Outcome | None:
        return self.outcome.outcome(self.kind) if self.outcome else None


class HoldBody(OutcomeBody):
    """What came of it, with photos."""

    photos: Photos = ()


class CancelBody(StrictModel):
    why: MediumText


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeOut(Outcome):
    results: dict[str, str | int]


class ListedActivity(BaseModel):
    """`outcome` is null until it was held."""

    id: UUID
    number: str
    kind: ActivityKind
    state: ActivityState
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    unit: str
    unit_name: str
    premises_id: UUID | None
    premises_number: str | None
    premises_name: str | None
    target: Target | None
    organiser: str
    outcome: OutcomeOut | None


class ActivityOut(ListedActivity):
    street: str
    content: str
    details: dict[str, str | int]
    photos: list[PhotoOut]
    version: int


class ActivityCounts(BaseModel):
    """How many activities there are, by kind, state and target (of publicity), and how many people they reached."""

    activities: int
    people: int
    by_kind: dict[ActivityKind, int]
    by_state: dict[ActivityState, int]
    by_target: dict[Target, int]


class ActivityKindOut(BaseModel):
    """`planned` are the fields of `details`, `results` those of the outcome."""

    kind: ActivityKind
    zh: str
    en: str
    planned: list[FieldOut]
    results: list[FieldOut]


class TargetOut(BaseModel):
    target: Target
    zh: str
    en: str


class ActivityKinds(BaseModel):
    kinds: list[ActivityKindOut]
    targets: list[TargetOut]


def listed(found: Named) -> ListedActivity:
    return ListedActivity.model_validate(_facts(found))


def shown(found: Named, photos: list[PhotoOut]) -> ActivityOut:
    return ActivityOut.model_validate(_facts(found) | {"photos": photos})


def counted(tally: list[Tally]) -> ActivityCounts:
    def by(name: str) -> dict[Any, int]:
        keys = {getattr(row, name) for row in tally} - {None}
        return {key: sum(row.activities for row in tally if getattr(row, name) == key) for key in sorted(keys)}

    return ActivityCounts(
        activities=sum(row.activities for row in tally), people=sum(row.people for row in tally),
        by_kind=by("kind"), by_state=by("state"), by_target=by("target"),
    )  # fmt: skip


def kinds_out() -> ActivityKinds:
    kinds = [
        ActivityKindOut(
            kind=kind, zh=of.zh, en=of.en, planned=list(map(field_out, of.planned)),
            results=list(map(field_out, of.results)),
        )
        for kind, of in KINDS.items()
    ]  # fmt: skip
    return ActivityKinds(
        kinds=kinds, targets=[TargetOut(target=one, zh=zh, en=en) for one, (zh, en) in TARGETS.items()]
    )


def _facts(found: Named) -> dict[str, Any]:
    one = found.activity
    outcome = one.outcome
    return {
        **{name: getattr(one.plan, name) for name in PlanBody.model_fields},
        **{name: getattr(one, name) for name in ("id", "number", "street", "state", "version")},
        "unit_name": found.unit_name, "premises_number": found.premises_number, "premises_name": found.premises_name,
        "outcome": outcome and OutcomeOut(**asdict(outcome)),
    }  # fmt: skip
