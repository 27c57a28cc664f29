"""What the endpoints for duties take and give."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.duties.duty import Action, State, Waiver
from services.registry.duties.kinds import ACTS, OUTCOMES, PERIODS, Act, Bearer, Outcome, Period
from services.registry.duties.month import Entry, Standing
from services.registry.duties.possible import possible_for
from services.registry.duties.reading import Found
from services.registry.duties.run_reading import Tally
from shared.auth.principal import Principal
from shared.files.attach import PhotoOut
from shared.files.table import MOST_OF_A_THING
from shared.http.types import Code, Id, Instant, MediumText, QueryModel, StrictModel
from shared.limits import Light, light


class LastOut(BaseModel):
    """What ended the run before: an act's word, `by_hand` or `waiver`; `number` is of the thing that was done."""

    what: str
    at: datetime
    outcome: Outcome
    outcome_zh: str
    number: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverOut(Waiver):
    """What was asked of the open run; `declined` is why it is still owed, empty until somebody said so."""

    declined: str


class DutyOut(BaseModel):
    """`begun`: the open run has begun; else the period is done, and `started_at` is when the next begins. `possible` is
    what the caller may do by hand now; nothing where it is of a unit above, for which only an act counts."""

    id: UUID
    number: str
    duty: str
    name: str
    bearer: Bearer
    bearer_id: UUID
    period: Period
    period_zh: str
    counts: list[Act]
    counts_zh: list[str]
    basis: str
    unit: str
    unit_name: str
    street: str
    premises_id: UUID | None
    premises_name: str | None
    premises_number: str | None
    state: State
    watched: bool
    light: Light
    begun: bool
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    last: LastOut | None
    waiver: WaiverOut | None
    possible: list[Action]
    version: int


class DutyDetail(DutyOut):
    """With the photos of all that was fulfilled by hand, oldest first."""

    waiver_by_name: str | None
    photos: list[PhotoOut]


class DutyCounts(BaseModel):
    """How many duties the filter finds, by light; `waivers`: of how many a waiver is asked."""

    total: int
    by_light: dict[Light, int]
    waivers: int


class FulfilBody(StrictModel):
    """`at` is when it was done, now where it is left out; `why` says what was done and where the evidence lies, which may
    be photos (ids of uploaded files)."""

    why: MediumText
    at: Instant | None = None
    photos: Annotated[tuple[Id, ...], Field(max_length=MOST_OF_A_THING)] = ()


class WaiverBody(StrictModel):
    why: MediumText


class RunOut(BaseModel):
    """A run that is over. `what` ended it, null for one that was missed."""

    duty_id: UUID
    duty: str
    name: str
    bearer: Bearer
    bearer_id: UUID
    unit: str
    started_at: datetime
    due_at: datetime
    outcome: Outcome
    outcome_zh: str
    what: str | None
    done_at: datetime | None
    thing_id: UUID | None
    thing_number: str | None


class TallyList(BaseModel):
    items: list[Tally]


class MonthQuery(QueryModel):
    """The month as YYYY-MM (local), and whose duties: a unit's own or a premises'."""

    month: Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]
    unit: Code | None = None
    premises: Id | None = None


class MonthEntryOut(BaseModel):
    """`day` is the local day on which the run is due; of one every two hours `due_at` says which of the day's it is."""

    duty_id: UUID
    name: str
    period: Period
    day: date
    due_at: datetime
    standing: Standing


class MonthOut(BaseModel):
    """What is due on which local day; `working_days` are those of the month on which offices work."""

    month: str
    working_days: list[date]
    entries: list[MonthEntryOut]


def shown(found: Found, caller: Principal, now: datetime) -> DutyOut:
    duty = found.duty
    last = duty.last and LastOut(
        what=duty.last.what, at=duty.last.at, outcome=duty.last.outcome, outcome_zh=OUTCOMES[duty.last.outcome],
        number=duty.last.number, why=duty.last.why,
    )  # fmt: skip
    waiver = duty.waiver and WaiverOut(**asdict(duty.waiver))
    return DutyOut(
        id=duty.id, number=duty.number, duty=duty.duty, name=duty.name, bearer=duty.bearer, bearer_id=duty.bearer_id, period=found.period,
        period_zh=PERIODS[found.period], counts=list(found.counts), counts_zh=[ACTS[act] for act in found.counts],
        basis=found.basis, unit=duty.unit, unit_name=found.unit_name, street=duty.street,
        premises_id=duty.premises_id, premises_name=found.premises_name, premises_number=found.premises_number,
        state=duty.state, watched=duty.watched, light=light([duty.do], now), begun=duty.do.started_at <= now,
        started_at=duty.do.started_at, warn_at=duty.do.warn_at, due_at=duty.do.due_at, last=last, waiver=waiver,
        possible=[] if found.above else possible_for(duty, caller, now), version=duty.version,
    )  # fmt: skip


def entry_shown(entry: Entry, of: Found) -> MonthEntryOut:
    return MonthEntryOut(
        duty_id=entry.duty_id, name=of.duty.name, period=of.period, day=entry.day, due_at=entry.span.due,
        standing=entry.standing,
    )  # fmt: skip


def run_shown(row: Mapping[Any, Any]) -> RunOut:
    told = {name: row[name] for name in RunOut.model_fields if name != "outcome_zh"}
    return RunOut(**told, outcome_zh=OUTCOMES[Outcome(row["outcome"])])
