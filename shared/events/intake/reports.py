"""What intake publishes about reports. Topics carry no reporter: who reported stays in intake's own database."""

from datetime import datetime
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
    where a person decided. The point, where there is one, is in WGS-84; `address` as it was told.
    """

    type: ClassVar[str] = "gridgov.report.triaged.v1"

    title: str
    text: str
    unit: str
    place_method: str
    place_confidence: float
    longitude: float | None = None
    latitude: float | None = None
    address: str = ""
    category: str
    category_confidence: float
    model: str | None = None
    submitted_at: datetime
    triaged_at: datetime


class ReportNeedsReview(ReportEvent):
    """A person must triage this report; `reasons` are named: `place_unknown`, `place_uncertain`, `category_uncertain`."""

    type: ClassVar[str] = "gridgov.report.needs_review.v1"

    reasons: tuple[str, ...]


class ReportRejected(ReportEvent):
    """A person found the report out of scope; `reason` says why and who is competent."""

    type: ClassVar[str] = "gridgov.report.rejected.v1"

    reason: str


EVENTS = (ReportSubmitted, ReportTriaged, ReportNeedsReview, ReportRejected)
