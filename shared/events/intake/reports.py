"""What intake publishes about reports. Topics carry no reporter: who reported stays in intake's own database."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.events import topics
from shared.events.base import Event


class ReportEvent(Event):
    """Every event about a report: which one, and at which of its versions."""

    topic: ClassVar[str] = topics.REPORTS
    key_field: ClassVar[str] = "report_id"

    report_id: UUID
    number: str
    version: int


class ReportSubmitted(ReportEvent):
    """Somebody told us something; it is stored and will be triaged."""

    type: ClassVar[str] = "gridgov.report.submitted.v1"

    channel: str
    submitted_at: datetime


class ReportTriaged(ReportEvent):
    """It is known where (`unit`) and what (`category`, a first-level name); somebody must act now.

    `place_method` and the confidences (0..1) say how it was found; `model` which classifier made the suggestion, None
    where a person decided. The point, where there is one, is in WGS-84; with `point_radius` it may lie that many metres
    away, because nobody knows its coordinate system. `address` as it was told. `joined`: how many others say the same.
    """

    type: ClassVar[str] = "gridgov.report.triaged.v1"

    title: str
    text: str
    unit: str
    place_method: str
    place_confidence: float
    longitude: float | None = None
    latitude: float | None = None
    point_radius: float | None = None
    address: str = ""
    category: str
    category_confidence: float
    model: str | None = None
    submitted_at: datetime
    triaged_at: datetime
    joined: int = 0


class ReportNeedsReview(ReportEvent):
    """A person must triage this report; `reasons` are named: `place_unknown`, `place_uncertain`,
    `place_contradicted` (point and words name different places), `category_uncertain`."""

    type: ClassVar[str] = "gridgov.report.needs_review.v1"

    reasons: tuple[str, ...]


class ReportJoined(ReportEvent):
    """A further person says the same: `joined` have done so by now, the last one with the report `joined_by`."""

    type: ClassVar[str] = "gridgov.report.joined.v1"

    joined: int
    joined_by: UUID


class ReportRejected(ReportEvent):
    """A person found the report out of scope; `reason` says why and who is competent."""

    type: ClassVar[str] = "gridgov.report.rejected.v1"

    reason: str


class ReportCorrected(Event):
    """A person put right where or what a triaged report is about; the work on it follows.

    `unit` and `category` are the report's from now on, of which at least one is new; `by` is the subject of who did it.
    """

    type: ClassVar[str] = "gridgov.report.corrected.v1"
    topic: ClassVar[str] = topics.REPORTS
    key_field: ClassVar[str] = "report_id"

    report_id: UUID
    number: str
    unit: str
    category: str
    why: str
    by: str
    corrected_at: datetime
    version: int


class ReportRated(Event):
    """The reporter said how it went, or somebody on their behalf in a call-back (回访); `channel` says which way.

    `closing` counts the closings of the report: a later rating of the same closing replaces the one before. `unit` led
    the work order. What the reporter wrote stays in intake.
    """

    type: ClassVar[str] = "gridgov.report.rated.v1"
    topic: ClassVar[str] = topics.REPORTS
    key_field: ClassVar[str] = "report_id"

    report_id: UUID
    number: str
    work_order: str
    unit: str | None
    street: str
    closing: int
    contacted: bool
    solved: str
    satisfied: str
    channel: str
    rated_at: datetime
    version: int


class ReportReopened(Event):
    """The reporter is not content with what was done, and says why; the work order (by number) must go on."""

    type: ClassVar[str] = "gridgov.report.reopened.v1"
    topic: ClassVar[str] = topics.REPORTS
    key_field: ClassVar[str] = "report_id"

    report_id: UUID
    number: str
    work_order: str
    closing: int
    why: str
    reopened_at: datetime
    version: int


class ReportMadeHazard(Event):
    """A person made a triaged report a hazard (隐患): registry keeps it under `hazard_id`. It lies in `unit`, or at the
    premises that are named if these lie in the same `street`. `rectify_by` is a local day, None for the default; `photos` are
    the report's, which intake keeps."""

    type: ClassVar[str] = "gridgov.report.made_hazard.v1"
    topic: ClassVar[str] = topics.REPORTS
    key_field: ClassVar[str] = "report_id"

    report_id: UUID
    number: str
    hazard_id: UUID
    unit: str
    street: str
    premises_id: UUID | None = None
    item: str
    text: str
    rectify_by: date | None = None
    photos: tuple[UUID, ...] = ()
    by: str
    made_at: datetime
    version: int


EVENTS = (
    ReportSubmitted,
    ReportTriaged,
    ReportNeedsReview,
    ReportJoined,
    ReportRejected,
    ReportCorrected,
    ReportRated,
    ReportReopened,
    ReportMadeHazard,
)
