"""The report (民情): what somebody told us, once, through one channel, and what can happen to it.

Pure: ids, the number and the instant are arguments; every function returns a `Change` and leaves its input as it was.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.intake.errors import TIME_IN_FUTURE
from services.intake.reports.lifecycle import Action, Status, move
from shared.change import Actor, Change
from shared.events.base import Event
from shared.events.intake.reports import ReportNeedsReview, ReportRejected, ReportSubmitted, ReportTriaged


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


class ReviewReason(StrEnum):
    """Why a person must triage."""

    PLACE_UNKNOWN = "place_unknown"
    PLACE_UNCERTAIN = "place_uncertain"
    CATEGORY_UNCERTAIN = "category_uncertain"


@dataclass(frozen=True, slots=True)
class Contents:
    """What was told. `longitude`/`latitude` are WGS-84; `declared_point` keeps the pair and system as they came.

    `told_category` is a first-level name when the sender chose one. Times are UTC: when it happened, when the client wrote
    it down (a phone may send days later).
    """

    channel: Channel
    text: str
    title: str = ""
    told_category: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    declared_point: str | None = None
    address: str = ""
    occurred_at: datetime | None = None
    recorded_at: datetime | None = None


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
    work_order: str | None = None
    """The number of its work order, once dispatch opened one."""
    work_order_version: int = 0
    """The last version of its work order that it followed; an older one that comes late changes nothing."""


def number(street: str, day: str, serial: int) -> str:
    """`<street code>-<yyyymmdd>-<serial>`; the last six digits are how people find it again (docs/rules.md §2.1)."""
    return f"{street}-{day}-{serial % 1_000_000:06d}"


def submit(
    contents: Contents, *, id: UUID, number: str, home: str, street: str, by: Actor, now: datetime
) -> Change[Report]:
    """A new report. Raises Invalid when it claims to be written down or to have happened in the future."""
    for field in ("occurred_at", "recorded_at"):
        told = getattr(contents, field)
        # Five minutes: phones' clocks are never quite right.
        if told is not None and (told - now).total_seconds() > 300:
            raise TIME_IN_FUTURE(field=field)
    report = Report(
        id=id,
        number=number,
        contents=contents,
        street=street,
        home=home,
        status=Status.RECEIVED,
        submitted_at=now,
        version=1,
    )
    event = ReportSubmitted(
        report_id=id, number=number, channel=contents.channel, submitted_at=now, version=report.version
    )
    return Change(report, Action.SUBMIT, by, now, what={"number": number, "channel": contents.channel}, events=(event,))


def triage(
    report: Report, placing: Placing, suggested: Category, *, street: str, threshold: float, by: Actor, now: datetime
) -> Change[Report]:
    """The rule-based triage: on its way when place and category are known well enough, else to a person."""
    reasons = _review_reasons(placing, suggested, threshold)
    action = Action.ASK_REVIEW if reasons else Action.TRIAGE
    after = replace(
        report,
        status=move(report.status, action),
        street=street,
        place=placing,
        category=suggested,
        review_reasons=reasons,
        triaged_at=None if reasons else now,
        version=report.version + 1,
    )
    event: Event
    if reasons:
        event = ReportNeedsReview(report_id=report.id, number=report.number, reasons=reasons, version=after.version)
    else:
        event = _triaged(after, now)
    what = {
        "unit": placing.unit,
        "place_method": placing.method,
        "category": suggested.name,
        "confidence": round(suggested.confidence, 3),
        "model": suggested.model,
        "reasons": list(reasons),
    }
    return Change(after, action, by, now, what=what, events=(event,))


def decide(
    report: Report, *, unit: str, street: str, category: str, by: Actor, why: str | None, now: datetime
) -> Change[Report]:
    """A person triages: place and category are theirs, fully sure."""
    after = replace(
        report,
        status=move(report.status, Action.TRIAGE),
        street=street,
        place=Placing(unit, "person", 1.0),
        category=Category(category, 1.0, None),
        review_reasons=(),
        triaged_at=now,
        version=report.version + 1,
    )
    suggested = report.category.name if report.category else None
    what = {"unit": unit, "category": category, "suggested": suggested}
    return Change(after, Action.TRIAGE, by, now, why=why, what=what, events=(_triaged(after, now),))


def reject(report: Report, *, by: Actor, why: str, now: datetime) -> Change[Report]:
    """A person finds the report out of scope; `why` says so and who is competent."""
    after = replace(report, status=move(report.status, Action.REJECT), review_reasons=(), version=report.version + 1)
    event = ReportRejected(report_id=report.id, number=report.number, reason=why, version=after.version)
    return Change(after, Action.REJECT, by, now, why=why, events=(event,))


def follow(
    report: Report, action: Action, *, work_order: str, work_order_version: int, by: Actor, now: datetime
) -> Change[Report]:
    """The report follows its work order: dispatched, resolved, closed, back to work."""
    after = replace(
        report,
        status=move(report.status, action),
        work_order=work_order,
        work_order_version=work_order_version,
        version=report.version + 1,
    )
    return Change(after, action, by, now, what={"work_order": work_order})


def reveal_reporter(report: Report, *, by: Actor, why: str, now: datetime) -> Change[Report]:
    """Somebody saw who reported, for a reason; the trail says so."""
    return Change(replace(report, version=report.version + 1), Action.REVEAL_REPORTER, by, now, why=why)


def _review_reasons(placing: Placing, category: Category, threshold: float) -> tuple[ReviewReason, ...]:
    reasons = []
    if placing.unit is None:
        reasons.append(ReviewReason.PLACE_UNKNOWN)
    elif placing.confidence < threshold and placing.method != "fallback":
        # A fallback is sure of what it is: the sender's own unit, where docs/rules.md §2.2 puts what names no place.
        reasons.append(ReviewReason.PLACE_UNCERTAIN)
    if category.confidence < threshold:
        reasons.append(ReviewReason.CATEGORY_UNCERTAIN)
    return tuple(reasons)


def _triaged(report: Report, now: datetime) -> ReportTriaged:
    placing, category = report.place, report.category
    assert placing is not None and placing.unit is not None and category is not None  # noqa: PT018
    return ReportTriaged(
        report_id=report.id,
        number=report.number,
        title=report.contents.title,
        text=report.contents.text,
        unit=placing.unit,
        place_method=placing.method,
        place_confidence=placing.confidence,
        longitude=report.contents.longitude,
        latitude=report.contents.latitude,
        address=report.contents.address,
        category=category.name,
        category_confidence=category.confidence,
        model=category.model,
        submitted_at=report.submitted_at,
        triaged_at=now,
        version=report.version,
    )
