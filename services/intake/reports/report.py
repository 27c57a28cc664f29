"""The report (民情): what somebody told us, once, through one channel; how it begins, and how it follows its work order.

Pure: ids, the number and the instant are arguments; every function returns a `Change` and leaves its input as it was.
What happens in between is triage's (services/intake/triage/triage.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.intake.reports.lifecycle import Action, Status, move
from shared.change import Actor, Change
from shared.events.intake.reports import ReportJoined, ReportSubmitted
from shared.units.passing import Passing

RESTRUCTURING: Final = Actor(id="restructuring", role="service")
CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""What a time may lie ahead without doubt: phones' clocks are never quite right."""
KEPT_ON_A_PHONE: Final = timedelta(days=366)
"""A report written down longer ago than this was not: the clock had lost its date (1970, 1980, 1999 …)."""
_HAPPENED_BEFORE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Nobody reports what happened longer ago, except from records; clocks start below it."""


class Channel(StrEnum):
    """Where the report came from (docs/rules.md §2.1)."""

    GRID_WORKER = "grid_worker"
    RESIDENT = "resident"
    HOTLINE = "hotline"
    WINDOW = "window"
    VISIT = "visit"
    INSPECTION = "inspection"
    OPEN311 = "open311"
    IMPORT = "import"
    SENSOR = "sensor"


class DoubtfulTime(StrEnum):
    """A time that was told by a clock that must be wrong; it is kept as told."""

    OCCURRED_AT = "occurred_at"
    RECORDED_AT = "recorded_at"


class ReviewReason(StrEnum):
    """Why a person must triage."""

    PLACE_UNKNOWN = "place_unknown"
    PLACE_UNCERTAIN = "place_uncertain"
    PLACE_CONTRADICTED = "place_contradicted"
    CATEGORY_UNCERTAIN = "category_uncertain"


@dataclass(frozen=True, slots=True)
class Contents:
    """What was told. `longitude`/`latitude` are WGS-84; where the system of the point is not known, they are the middle
    of what it may be, up to `point_radius` metres away. `declared_point` keeps pair and system as they were taken.

    `told_category` is a first-level name when the sender chose one. `unread` has the optional fields that could not be
    read, each as it was told. Times are UTC: when it happened, when the client wrote
    it down (a phone may send days later); as they were told, even where the clock must be wrong.
    """

    channel: Channel
    text: str
    title: str = ""
    told_category: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    point_radius: float | None = None
    declared_point: str | None = None
    address: str = ""
    occurred_at: datetime | None = None
    recorded_at: datetime | None = None
    unread: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole_text(self) -> str:
        """The text, behind a title that was too long to be one."""
        return "\n".join(filter(None, (self.unread.get("title"), self.text)))


@dataclass(frozen=True, slots=True)
class Placing:
    """Where: the unit, how it was found and how sure that is (0..1)."""

    unit: str | None
    method: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Category:
    """What: a first-level category, how sure it is (0..1), and the classifier's version (None: a person's choice)."""

    name: str
    confidence: float
    model: str | None


@dataclass(frozen=True, slots=True)
class Same:
    """The report of which another one is a duplicate."""

    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report and where it stands. `version` counts its changes and equals the length of its trail."""

    id: UUID
    number: str
    contents: Contents
    street: str
    """The street that the report lies in: of `home` first, of its own place once that is known."""
    home: str
    """The unit of who sent it, where the report belongs until its own place is known."""
    status: Status
    submitted_at: datetime
    version: int
    place: Placing | None = None
    category: Category | None = None
    review_reasons: tuple[ReviewReason, ...] = ()
    triaged_at: datetime | None = None
    doubtful_times: tuple[DoubtfulTime, ...] = ()
    work_order: str | None = None
    """The number of its work order, once dispatch opened one."""
    work_order_version: int = 0
    """The last version of its work order that it followed; an older one that comes late changes nothing."""
    closings: int = 0
    """How often it was closed; each closing may be rated."""
    closed_at: datetime | None = None
    """When it was closed last."""
    hazard_id: UUID | None = None
    """The hazard that it was made, which registry keeps under this id."""
    joined: int = 0
    """How many further reports say the same."""
    same_as: Same | None = None
    """Of a duplicate: the report that it joined. Where that one stands is where this one stands."""


def number(street: str, day: str, serial: int) -> str:
    """`<street code>-<yyyymmdd>-<serial>`; the last six digits are how people find it again (docs/rules.md §2.1)."""
    return f"{street}-{day}-{serial % 1_000_000:06d}"


def submit(
    contents: Contents,
    *,
    id: UUID,
    number: str,
    home: str,
    street: str,
    by: Actor,
    now: datetime,
    photos: tuple[UUID, ...] = (),
) -> Change[Report]:
    """A new report; its `photos` stand on the trail. A time that cannot be right is marked, and costs nobody the report."""
    report = Report(
        id=id,
        number=number,
        contents=contents,
        street=street,
        home=home,
        status=Status.RECEIVED,
        submitted_at=now,
        version=1,
        doubtful_times=doubtful_times(contents, now),
    )
    event = ReportSubmitted(
        report_id=id, number=number, channel=contents.channel, submitted_at=now, version=report.version
    )
    what: dict[str, object] = {"number": number, "channel": contents.channel}
    if photos:
        what["photos"] = [str(photo) for photo in photos]
    return Change(report, Action.SUBMIT, by, now, what=what, events=(event,))


def join(first: Report, own: Change[Report]) -> tuple[Change[Report], Change[Report]]:
    """A further person says what `first` says: both reports after it. `own` is the new one as it was submitted; it makes
    no work. Raises Conflict where `first` is dealt with already."""
    report, by, now = own.after, own.by, own.at
    after = replace(first, status=move(first.status, Action.JOIN), joined=first.joined + 1, version=first.version + 1)
    event = ReportJoined(
        report_id=first.id, number=first.number, joined=after.joined, joined_by=report.id, version=after.version
    )
    joined = Change(after, Action.JOIN, by, now, what={"of": report.number}, events=(event,))
    same = Same(first.id, first.number)
    duplicate = replace(
        report, status=Status.DUPLICATE, same_as=same, street=first.street, place=first.place, category=first.category
    )
    return joined, replace(own, after=duplicate, what={**own.what, "same_as": first.number})


def doubtful_times(told: Contents, now: datetime) -> tuple[DoubtfulTime, ...]:
    """Which times cannot be right. What a wrong clock wrote down is wrong of both; records may be of any age."""
    occurred, recorded = told.occurred_at, told.recorded_at
    ahead = now + CLOCKS_DIFFER
    old = told.channel is not Channel.IMPORT
    clock_wrong = recorded is not None and (recorded > ahead or (old and recorded < now - KEPT_ON_A_PHONE))
    doubt_occurred = occurred is not None and (clock_wrong or occurred > ahead or (old and occurred < _HAPPENED_BEFORE))
    marks = ((doubt_occurred, DoubtfulTime.OCCURRED_AT), (clock_wrong, DoubtfulTime.RECORDED_AT))
    return tuple(time for doubtful, time in marks if doubtful)


def follow(
    report: Report, action: Action, *, work_order: str, work_order_version: int, by: Actor, now: datetime
) -> Change[Report]:
    """The report follows its work order: dispatched, resolved, closed, back to work."""
    closes = action is Action.CLOSE
    after = replace(
        report,
        status=move(report.status, action),
        work_order=work_order,
        work_order_version=work_order_version,
        closings=report.closings + closes,
        closed_at=now if closes else report.closed_at,
        version=report.version + 1,
    )
    return Change(after, action, by, now, what={"work_order": work_order})


def succeed(report: Report, passing: Passing, now: datetime) -> Change[Report] | None:
    """The report where its unit's successor finds it; None where neither its place nor its home has one."""
    at = (report.contents.longitude, report.contents.latitude)
    placing, home = report.place, passing.last_succession(report.home, *at)
    succession = (
        passing.last_succession(placing.unit, *at) if placing is not None and placing.unit is not None else home
    )
    if succession is None and home is None:
        return None
    after = replace(
        report,
        place=replace(placing, unit=succession.successor)
        if placing is not None and placing.unit and succession
        else placing,
        home=home.successor if home else report.home,
        street=succession.street if succession else report.street,
        version=report.version + 1,
    )
    told = succession or home
    assert told is not None
    return Change(after, Action.SUCCEED, RESTRUCTURING, now, what=told.trail())


def reveal(report: Report, action: Action, *, by: Actor, why: str, now: datetime) -> Change[Report]:
    """Somebody saw who reported, or the whole words, for a reason; the trail says so."""
    return Change(replace(report, version=report.version + 1), action, by, now, why=why)
